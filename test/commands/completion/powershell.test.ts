import { describe, expect, it } from 'vitest';
import { runKubectl } from '../../peers/run-kubectl.ts';
import { run } from '../run-program.ts';

/** No PowerShell is at hand: what can be held to is what the script is made of, and what it asks the program. */
describe('completion for PowerShell', () => {
  it('is a script that completes the program by __complete', async () => {
    const { status, output, errors } = await run(['completion', 'powershell']);
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    const registered = /^Register-ArgumentCompleter .*-ScriptBlock (\S+)$/m;
    expect(output).toContain("-CommandName 'kubectl'");
    expect(output).toContain(`[scriptblock]${registered.exec(output)?.[1]} = {\n`);
    expect((await runKubectl(['completion', 'powershell'])).stdout).toMatch(
      /^Register-ArgumentCompleter -CommandName 'kubectl'/m,
    );
    expect(output).toContain('& $words[0] __complete @arguments');
    // What was typed is never evaluated: the one such word is in the line that tells how to read the script.
    expect(output.replace(/^#.*\n/, '')).not.toMatch(/Invoke-Expression|\biex\b/i);
    expect(output).not.toMatch(/%[A-Z]+%/);
  });

  it('closes what it opens, outside of quotes and comments', async () => {
    const { output } = await run(['completion', 'powershell']);
    const code = output.replaceAll(/^\s*#.*$/gm, '').replaceAll(/"'"|'"'|"''"|'(?:[^']|'')*'|"[^"\n]*"/g, '');
    expect(code).not.toMatch(/['"]/);
    const open: string[] = [];
    const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
    for (const character of code) {
      if ('([{'.includes(character)) open.push(character);
      else if (')]}'.includes(character)) expect(open.pop()).toBe(pairs[character]);
    }
    expect(open).toEqual([]);
  });

  it('names functions and variables after the program', async () => {
    const { completionScript } = await import('../../../src/commands/completion/completion-script.ts');
    const script = completionScript('powershell', 'kubectl lite');
    expect(script).toContain("-CommandName 'kubectl-lite' -ScriptBlock $__kubectl_liteCompleter");
  });

  it('takes the names of shells that kubectl takes, and no others', async () => {
    for (const args of [['powershell'], ['pwsh'], ['powershell', 'x'], []]) {
      const theirs = await runKubectl(['completion', ...args]);
      const ours = await run(['completion', ...args]);
      expect({ args, status: ours.status, errors: ours.errors }).toEqual({
        args,
        status: theirs.status,
        errors: theirs.stderr,
      });
    }
  });
});
