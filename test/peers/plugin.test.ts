import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectlBinary } from './kubectl-binary.ts';

const main = new URL('../../bin/kube-lite.js', import.meta.url).pathname;
let root: string;
let kubectl: string;

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'plugin-'));
  kubectl = await kubectlBinary();
  const show = '#!/bin/sh\necho "${0##*/}" "[$*]"; cat; exit 7\n';
  for (const name of [
    'one/kubectl-foo',
    'one/kubectl-foo-bar',
    'one/kubectl-foo_bar',
    'one/kubectl-create-thing',
    'one/kubectl-get',
    'two/kubectl-foo',
  ]) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), show, { mode: 0o755 });
  }
  fs.writeFileSync(path.join(root, 'two/kubectl-broken'), '', { mode: 0o644 });
}, 60_000);
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

function run(program: string, steps: readonly string[]): string[] {
  const bin = path.join(root, 'bin');
  fs.rmSync(bin, { recursive: true, force: true });
  fs.mkdirSync(bin);
  fs.symlinkSync(program, path.join(bin, 'kubectl'));
  fs.symlinkSync(process.execPath, path.join(bin, 'node'));
  const env = { PATH: `${bin}:${root}/one:${root}/two:${root}/none:/bin`, HOME: root, LC_ALL: 'C.UTF-8' };
  return steps.map((step) => {
    const { stdout, stderr, status } = spawnSync('/bin/bash', ['-c', step], { encoding: 'utf8', env, cwd: root });
    return `$ ${step}\n${stdout}--\n${stderr}--\n${status}`;
  });
}

describe('plugins, beside kubectl', () => {
  it('are run for commands that there are not, and named where they are', { timeout: 60_000 }, () => {
    const steps = [
      'echo in | kubectl foo a -x --y=z',
      'kubectl foo bar baz </dev/null',
      'kubectl foo-bar x </dev/null',
      'kubectl foo --help </dev/null',
      'kubectl get -h | head -c 0',
      'kubectl create thing a b </dev/null',
      'kubectl nope-at-all',
      'kubectl broken',
      'kubectl plugin list',
      'kubectl plugin list --name-only',
      'PATH=${PATH%%:*} kubectl plugin list',
    ];
    expect(run(main, steps)).toEqual(run(kubectl, steps));
  });

  it("of kube-lite's own name are found too, and find the program", () => {
    fs.writeFileSync(
      path.join(root, 'two/kube-lite-own'),
      '#!/bin/sh\necho own "$@"; "$KUBECTL_PATH" completion nope\n',
      { mode: 0o755 },
    );
    expect(run(main, ['kubectl own thing'])).toEqual([
      '$ kubectl own thing\nown thing\n--\nerror: Unsupported shell type "nope".\nSee \'kube-lite completion -h\' for help and examples\n--\n1',
    ]);
  });
});
