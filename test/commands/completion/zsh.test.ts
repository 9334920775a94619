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

/** What an interactive zsh has on its line after keys were typed on a terminal of its own (zsh/zpty). */
function typed(keys: string, before = ''): string {
  const home = setting.folder;
  const [ready, result] = [path.join(home, 'ready'), path.join(home, 'result')];
  for (const file of [ready, result]) fs.rmSync(file, { force: true });
  fs.writeFileSync(
    path.join(home, '.zshrc'),
    `autoload -U compinit; compinit -u -C -d ${home}/.zcompdump; source <(kubectl completion zsh); ${before}
    report() { print -rn -- "$BUFFER" >${result}.part; mv ${result}.part ${result}; BUFFER=; zle accept-line }
    zle -N report; bindkey '^X' report
    zle-line-init() { touch ${ready} }; zle -N zle-line-init`,
  );
  const script = String.raw`
    zmodload zsh/zpty
    zpty -b shell 'zsh -d -i'
    await() { repeat 600; do zpty -r -t shell output; [[ -e $1 ]] && return; sleep 0.05; done; print -r -- "$1 did not come" >&2 }
    await ${ready}
    zpty -w -n shell "$1"$'\x18'
    await ${result}
    zpty -d shell`;
  const env = { ...setting.env, ZDOTDIR: home, TERM: 'dumb' };
  const { stderr } = spawnSync('zsh', ['-f', '-c', script, 'zsh', keys], {
    encoding: 'utf8',
    env,
    cwd: home,
    timeout: 60_000,
  });
  expect(stderr).toBe('');
  return fs.readFileSync(result, 'utf8');
}

// zsh is a package of its own, which the test command installs.
describe.skipIf(!hasShell('zsh'))('completion in zsh', () => {
  it('completes commands and sub-commands', () => {
    expect(typed('kubectl cre\tsec\tgen\t')).toBe('kubectl create secret generic ');
  });

  it('completes flags and their values', () => {
    expect(typed('kubectl get --output-w\t')).toBe('kubectl get --output-watch-events ');
    expect(typed('kubectl get -o jsonpath-f\t')).toBe('kubectl get -o jsonpath-file ');
    expect(typed('kubectl get --output=jsonpath-f\t')).toBe('kubectl get --output=jsonpath-file ');
  });

  it('completes types, names, namespaces and labels', () => {
    expect(typed('kubectl get configm\tmy-c\t')).toBe('kubectl get configmaps my-config ');
    expect(typed('kubectl get cm/my-c\t')).toBe('kubectl get cm/my-config ');
    expect(typed('kubectl -n kube-s\tget cm\t')).toBe('kubectl -n kube-system get cm');
    expect(typed('kubectl get cm -l col\tr\t')).toBe('kubectl get cm -l color=red ');
  });

  it('completes manifests and folders', () => {
    fs.mkdirSync(path.join(setting.folder, 'your-folder'));
    for (const file of ['my.yaml', 'my.txt', 'your-file']) fs.writeFileSync(path.join(setting.folder, file), '');
    expect(typed('kubectl create -f my\t')).toBe('kubectl create -f my.yaml ');
    expect(typed('kubectl create -k your\t')).toBe('kubectl create -k your-folder/');
  });

  it('reads quotes, ~ and variables, and runs nothing', () => {
    const store = setting.env['KUBE_LITE_DATA_DIR'] ?? '';
    expect(typed('kubectl --data-dir $STORE get cm my-c\t', `unset KUBE_LITE_DATA_DIR; STORE=${store}`)).toBe(
      'kubectl --data-dir $STORE get cm my-config ',
    );
    expect(typed('kubectl --data-dir ~/store get "cm" my-c\t', 'unset KUBE_LITE_DATA_DIR')).toBe(
      'kubectl --data-dir ~/store get "cm" my-config ',
    );
    typed('kubectl get $(touch proof) x\t');
    expect(fs.existsSync(path.join(setting.folder, 'proof'))).toBe(false);
  });
});
