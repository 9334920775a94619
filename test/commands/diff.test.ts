import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskedSecrets } from '../../src/commands/diff/masked-secrets.ts';
import { run as runProgram } from './run-program.ts';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-diff-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function run(argv: string, object?: unknown, env: Record<string, string> = {}) {
  const input = object === undefined ? '' : JSON.stringify(object);
  return runProgram(argv.split(' '), { env: { KUBE_LITE_DATA_DIR: path.join(folder, 'store'), ...env }, input });
}

const configMap = (data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c' },
  data,
});

/** The lines of a unified diff that were taken away or added. */
function changes(output: string): string[] {
  return output.split('\n').filter((line) => /^[-+](?![-+])/.test(line));
}

function temporaryFolders(): string[] {
  return fs.readdirSync(os.tmpdir()).filter((name) => /^(LIVE|MERGED)-/.test(name));
}

describe('diff', () => {
  it('shows a new object whole, a change by its lines, and nothing when nothing would change', async () => {
    const before = temporaryFolders();
    const created = await run('diff -f -', configMap({ a: '1' }));
    expect(created.status).toBe(1);
    expect(created.output).toMatch(
      /^diff -u -N .*\/LIVE-\d+\/v1\.ConfigMap\.default\.c .*\/MERGED-\d+\/v1\.ConfigMap\.default\.c\n/,
    );
    expect(changes(created.output)).toContain('+  a: "1"');
    await run('apply -f -', configMap({ a: '1' }));
    expect(await run('diff -f -', configMap({ a: '1' }))).toEqual({ status: 0, output: '', errors: '' });
    const changed = await run('diff -f -', configMap({ a: '2' }));
    expect(changed.status).toBe(1);
    expect(changes(changed.output)).toEqual(['-  a: "1"', '+  a: "2"']);
    expect((await run('get cm c -o jsonpath={.data.a}')).output).toBe('1');
    expect(temporaryFolders()).toEqual(before);
  });

  it('runs the program of KUBECTL_EXTERNAL_DIFF, with its plain arguments behind the folders', async () => {
    const { output, status } = await run('diff -f -', configMap({ a: '2' }), {
      KUBECTL_EXTERNAL_DIFF: 'echo -u --color=never $(id) a;b',
    });
    expect(status).toBe(0);
    expect(output).toMatch(/^\S+\/LIVE-\d+ \S+\/MERGED-\d+ -u --color=never\n$/);
  });

  it.each([
    ['no-such-program', 'error: failed to run "no-such-program": executable file not found in $PATH\n'],
    ['ls -l', 'error: failed to run "ls": exit status 2\n'],
  ])('exits with 2 when %s fails', async (program, message) => {
    const external = program === 'ls -l' ? 'ls --no-such-flag' : program;
    const { status, errors } = await run('diff -f -', configMap({ a: '2' }), { KUBECTL_EXTERNAL_DIFF: external });
    expect(status).toBe(2);
    expect(errors.endsWith(message)).toBe(true);
  });

  it('exits with 1 when the program says that there are differences', async () => {
    expect(await run('diff -f -', configMap({ a: '2' }), { KUBECTL_EXTERNAL_DIFF: 'false' })).toEqual({
      status: 1,
      output: '',
      errors: '',
    });
  });

  it.each([
    ['diff -f /no/such/file', 'error: the path "/no/such/file" does not exist\n'],
    ['diff', 'error: must specify one of -f and -k\n'],
    ['diff --bogus', "error: unknown flag: --bogus\nSee 'kubectl diff -h' for help and examples\n"],
    ['diff -f x y', "error: Unexpected args: [y]\nSee 'kubectl diff -h' for help and examples\n"],
  ])('%s exits with 2', async (argv, errors) => {
    expect(await run(argv)).toEqual({ status: 2, output: '', errors });
  });

  it('does not show secrets', async () => {
    const secret = (data: Record<string, string>) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data,
    });
    await run('apply -f -', secret({ same: 'c2FtZQ==', changed: 'b2xk' }));
    const { output } = await run('diff -f -', secret({ same: 'c2FtZQ==', changed: 'bmV3', added: 'bmV3' }));
    expect(changes(output)).toEqual(["-  changed: '*** (before)'", "+  added: '***'", "+  changed: '*** (after)'"]);
    expect(output).not.toMatch(/c2FtZQ|b2xk|bmV3/);
  });

  it('shows with --prune what would be deleted', async () => {
    await run('apply -f -', { ...configMap({}), metadata: { name: 'old', labels: { gone: 'soon' } } });
    const kept = { ...configMap({ a: '1' }), metadata: { name: 'c', labels: { gone: 'soon' } } };
    const { output } = await run('diff -f - --prune -l gone=soon --prune-allowlist=core/v1/ConfigMap', kept);
    expect(changes(output)).toContain('-  name: old');
    expect((await run('get cm old -o name')).output).toBe('configmap/old\n');
  });
});

describe('masked secrets', () => {
  it('tell equal values from different ones, on either side alone', () => {
    const secret = (data: Record<string, string>) => ({ apiVersion: 'v1', kind: 'Secret', metadata: {}, data });
    const [before, after] = maskedSecrets(secret({ a: '1', b: '1', c: '1' }), secret({ a: '1', b: '2', d: '1' }));
    expect(before?.['data']).toEqual({ a: '***', b: '*** (before)', c: '***' });
    expect(after['data']).toEqual({ a: '***', b: '*** (after)', d: '***' });
    expect(maskedSecrets(undefined, secret({ a: '1' }))).toEqual([null, secret({ a: '***' })]);
  });
});
