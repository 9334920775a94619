import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionSetting, type CompletionSetting, hasShell } from './completion-setting.ts';

let setting: CompletionSetting;

beforeAll(() => {
  setting = completionSetting();
}, 60_000);
afterAll(() => setting.dispose());

/** What fish offers for a line, descriptions left out. */
function offered(line: string, before = ''): string[] {
  const { stdout, stderr } = spawnSync(
    'fish',
    ['--no-config', '-c', `kubectl completion fish | source; ${before}; complete -C $argv[1]`, line],
    { encoding: 'utf8', env: setting.env, cwd: setting.folder, timeout: 60_000 },
  );
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter((each) => each !== '')
    .map((each) => each.split('\t')[0] ?? '');
}

// fish is a package of its own, which the test command installs.
describe.skipIf(!hasShell('fish'))('completion in fish', () => {
  it('offers commands and sub-commands', () => {
    expect(offered('kubectl cre')).toEqual(['create']);
    expect(offered('kubectl create secret ')).toEqual(['docker-registry', 'generic', 'tls']);
  });

  it('offers flags and their values', () => {
    expect(offered('kubectl get --output-')).toEqual(['--output-watch-events']);
    expect(offered('kubectl get -o jsonpath-')).toEqual(['jsonpath-as-json', 'jsonpath-file']);
    expect(offered('kubectl get --output=jsonpath-')).toEqual(['--output=jsonpath-as-json', '--output=jsonpath-file']);
  });

  it('offers types, names, namespaces and labels', () => {
    expect(offered('kubectl get configm')).toEqual(['configmaps']);
    expect(offered('kubectl get cm my-')).toEqual(['my-config', 'my-other']);
    expect(offered('kubectl get cm/my-c')).toEqual(['cm/my-config']);
    expect(offered('kubectl -n kube-s')).toEqual(['kube-system']);
    expect(offered('kubectl get cm -l color=')).toEqual(['color=blue', 'color=red']);
  });

  it('offers manifests and folders', () => {
    fs.mkdirSync(path.join(setting.folder, 'my-folder'));
    for (const file of ['my.yaml', 'my.txt']) fs.writeFileSync(path.join(setting.folder, file), '');
    expect(offered('kubectl create -f my').toSorted()).toEqual(['my-folder/', 'my.yaml']);
    expect(offered('kubectl create -k my')).toEqual(['my-folder/']);
  });

  it('reads quotes and ~, and runs nothing', () => {
    expect(offered('kubectl --data-dir ~/store get "cm" my-c', 'set -e KUBE_LITE_DATA_DIR')).toEqual(['my-config']);
    offered('kubectl get (touch proof) x');
    expect(fs.existsSync(path.join(setting.folder, 'proof'))).toBe(false);
  });

  it('offers nothing where nothing can be known', () => {
    expect(
      offered('kubectl get cm my-config --nonsense ').filter((each) => !fs.existsSync(path.join(setting.folder, each))),
    ).toEqual([]);
  });
});
