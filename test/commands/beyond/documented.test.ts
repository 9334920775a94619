import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runLine } from '../run-shell.ts';

const document = fileURLToPath(new URL('../../../src/commands/README.md', import.meta.url));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'documented-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Example {
  readonly command: string;
  /** As documented: standard output, then standard error, then the status where it is not 0. */
  readonly shown: string;
}

function examplesOf(text: string): Example[] {
  const blocks = [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .filter((part) => part !== '')
      .map((part) => {
        const [command = '', ...shown] = part.split('\n');
        return { command, shown: shown.join('\n') };
      }),
  );
}

const examples = examplesOf(fs.readFileSync(document, 'utf8'));

describe('the documented examples of what kubectl does not have', () => {
  it('are found', () => {
    expect(examples.length).toBeGreaterThan(24);
    const flags =
      '--if-exists --from-stdin --from-env --any --fail-on everything --exit-codes --error-format --retry --waves --summary';
    const missing = flags.split(' ').filter((flag) => !examples.some(({ command }) => command.includes(flag)));
    expect(missing).toEqual([]);
  });

  it.each(examples)('$command', async ({ command, shown }) => {
    const line = command.replace(/\bkube-lite\b/, 'kubectl');
    const { status, output, errors } = await runLine(line, {
      env: command.includes('--server=') ? {} : { KUBE_LITE_DATA_DIR: path.join(folder, 'store') },
    });
    const ended = output === '' || output.endsWith('\n') ? output : `${output}\n`;
    const seen = `${ended}${errors.replaceAll(/in \d+\.\ds$/gm, 'in 0.1s')}${status === 0 ? '' : `(exit status ${status})\n`}`;
    expect(seen).toBe(shown);
  });
});
