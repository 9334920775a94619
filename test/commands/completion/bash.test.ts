import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionSetting, type CompletionSetting } from './completion-setting.ts';

let setting: CompletionSetting;

beforeAll(() => {
  setting = completionSetting();
}, 60_000);
afterAll(() => setting.dispose());

/** What bash would offer for a line, its cursor at the end: the script runs with the variables that readline sets. */
function offered(line: string, before = ''): string[] {
  const program = `
    source <(${setting.program} completion bash)
    ${before}
    COMP_LINE=${quoted(line)} COMP_POINT=\${#COMP_LINE} COMP_TYPE=37
    function="$(complete -p "\${COMP_LINE%% *}" | sed -E 's/.*-F (\\S+).*/\\1/')"
    $function
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', program], {
    encoding: 'utf8',
    env: setting.env,
    cwd: setting.folder,
  });
  // Outside of a completion that readline asked for, compopt has nothing to change, and says so.
  expect(stderr.replaceAll(/.*compopt: not currently executing completion function\n/g, '')).toBe('');
  return stdout.split('\n').filter((each) => each !== '');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** What an interactive bash prints when keys are typed on a terminal. */
function typed(keys: string): string {
  const input = `PS1=; bind 'set bell-style none'; source <(${setting.program} completion bash)\n${keys}\nexit\n`;
  const { stdout } = spawnSync('script', ['-qec', 'bash --norc --noprofile -i', '/dev/null'], {
    input,
    encoding: 'utf8',
    env: { ...setting.env, TERM: 'dumb' },
    cwd: setting.folder,
    timeout: 60_000,
  });
  return stdout;
}

describe('completion in bash', () => {
  it('offers commands and sub-commands', () => {
    expect(offered('kubectl ge')).toEqual(['get']);
    expect(offered('kubectl create s')).toEqual(['secret', 'service', 'serviceaccount']);
    expect(offered('kubectl -n team create secret ')).toEqual(['docker-registry', 'generic', 'tls']);
  });

  it('offers aliases to whoever types one', () => {
    expect(offered('kubectl create cm')).toEqual(['cm']);
  });

  it('offers flags', () => {
    expect(offered('kubectl get --outp')).toEqual(['--output', '--output-watch-events']);
    expect(offered('kubectl get --output=json --outp')).toEqual(['--output-watch-events']);
  });

  it('offers values of flags, in the next word and behind =', () => {
    expect(offered('kubectl get -o jsonpath-')).toEqual(['jsonpath-as-json', 'jsonpath-file']);
    expect(offered('kubectl get --output=jsonpath-')).toEqual(['jsonpath-as-json', 'jsonpath-file']);
    expect(offered('kubectl --backend l')).toEqual(['local']);
    expect(offered('kubectl create deployment x --dry-run=')).toEqual(['none', 'client', 'server']);
  });

  it('keeps the flag where bash does not break words at =', () => {
    expect(offered('kubectl --backend=lo', "COMP_WORDBREAKS=' '")).toEqual(['--backend=local']);
  });

  it('offers types, names and namespaces', () => {
    expect(offered('kubectl get configm')).toEqual(['configmaps']);
    expect(offered('kubectl get configmap my-')).toEqual(['my-config', 'my-other']);
    expect(offered('kubectl get configmap my-config my-')).toEqual(['my-other']);
    expect(offered('kubectl get cm/my-c')).toEqual(['cm/my-config']);
    expect(offered('kubectl -n kube-')).toEqual(['kube-node-lease', 'kube-public', 'kube-system']);
    expect(offered('kubectl -n kube-system get cm my-')).toEqual([]);
  });

  it('offers label keys and values', () => {
    expect(offered('kubectl get cm -l ')).toEqual(['color=']);
    expect(offered('kubectl get cm -l color=')).toEqual(['blue', 'red']);
    expect(offered('kubectl get cm -l color=r', "COMP_WORDBREAKS=' '")).toEqual(['color=red']);
    expect(offered('kubectl get cm -L ')).toEqual(['color']);
  });

  it('offers manifests and folders for -f', () => {
    fs.mkdirSync(path.join(setting.folder, 'my-folder'));
    for (const file of ['my.yaml', 'my.json', 'my.txt']) fs.writeFileSync(path.join(setting.folder, file), '');
    expect(offered('kubectl create -f my').toSorted()).toEqual(['my-folder', 'my.json', 'my.yaml']);
    expect(offered('kubectl create -k my').toSorted()).toEqual(['my-folder']);
  });

  it('reads quotes, escapes, ~ and variables as bash does', () => {
    const store = setting.env['KUBE_LITE_DATA_DIR'] ?? '';
    const without = 'unset KUBE_LITE_DATA_DIR;';
    expect(offered(`kubectl --data-dir "${store}" get cm my-c`, without)).toEqual(['my-config']);
    expect(offered('kubectl --data-dir=$STORE get cm my-c', `${without} STORE=${store}`)).toEqual(['my-config']);
    expect(offered('kubectl --data-dir ${STORE} get cm my-c', `${without} STORE=${store}`)).toEqual(['my-config']);
    expect(offered('kubectl --data-dir ~/store get cm my-c', `${without} HOME=${path.dirname(store)}`)).toEqual([
      'my-config',
    ]);
    expect(offered(String.raw`kubectl get c\m 'my-c`)).toEqual(['my-config']);
  });

  it('never runs what is typed', () => {
    const proof = path.join(os.tmpdir(), `completion-ran-${process.pid}`);
    offered(`kubectl get $(touch ${proof}) "\`touch ${proof}\`" ; touch ${proof} `);
    expect(fs.existsSync(proof)).toBe(false);
  });

  it('serves aliases', () => {
    expect(
      offered(
        'k get cm my-c',
        "shopt -s expand_aliases; alias k='kubectl -n default'; complete -o default -F __start_kubectl k",
      ),
    ).toEqual(['my-config']);
  });

  it('offers nothing where nothing can be known, and says nothing', () => {
    expect(offered('kubectl get --nonsense x')).toEqual([]);
    expect(offered('kubectl nonsense x')).toEqual([]);
    expect(offered('kubectl --server=http://127.0.0.1:1 get pods ')).toEqual([]);
  });

  it('makes no local store', () => {
    expect(offered('kubectl --data-dir nowhere get cm ')).toEqual([]);
    expect(fs.existsSync(path.join(setting.folder, 'nowhere'))).toBe(false);
  });

  it('is named after the program', () => {
    const name = { ...setting.env, KUBE_LITE_NAME: 'my-kube' };
    const { stdout } = spawnSync(
      'bash',
      ['--norc', '-c', `source <(${setting.program} completion bash); complete -p`],
      { encoding: 'utf8', env: name },
    );
    expect(stdout).toBe('complete -o default -F __start_my_kube my-kube\n');
  });

  it('completes on the line of a real terminal', () => {
    expect(typed('kubectl get configm\tmy-c\t--output=nam\t').split('\r\n')).toContain('configmap/my-config');
  });
});
