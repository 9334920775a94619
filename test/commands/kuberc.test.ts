import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runKubectl } from '../peers/run-kubectl.ts';
import { run } from './run-program.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kuberc-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const file = path.join(folder, 'kuberc');
const HEAD = 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n';
const DRY = '  options:\n  - {name: dry-run, default: client}\n';
const cm = (more: string) => `${HEAD}aliases:\n- name: foo\n  command: create configmap\n${DRY}${more}`;
const defaults = (command: string, options: string) =>
  `${HEAD}defaults:\n- command: ${command}\n  options: [${options}]\n`;

/** A file of preferences and a command line. What both print must be the same. */
const SAME: readonly (readonly [content: string, line: string])[] = [
  [defaults('create configmap', '{name: dry-run, default: client}'), 'create configmap q'],
  [defaults('create configmap', '{name: dry-run, default: client}, {name: output, default: yaml}'), 'create cm q'],
  [defaults('create cm', '{name: dry-run, default: client}'), 'create configmap q -o yaml'],
  [defaults('create configmap', '{name: output, default: yaml}'), 'create configmap q --dry-run=client -o name'],
  [defaults('create configmap', '{name: namespace, default: bar}'), 'create configmap q --dry-run=client -o yaml'],
  [defaults('create configmap', '{name: from-literal, default: a=b}'), 'create configmap q --dry-run=client -o yaml'],
  [
    defaults('create configmap', '{name: from-literal, default: a=b}'),
    'create configmap q --dry-run=client -o yaml --from-literal=c=d',
  ],
  [defaults('create configmap', '{name: nope, default: x}'), 'create configmap q --dry-run=client'],
  [defaults('create configmap', '{name: o, default: yaml}'), 'create configmap q --dry-run=client'],
  [defaults('create configmap', '{name: append-hash, default: bogus}'), 'create configmap q --dry-run=client'],
  [defaults('create configmap', '{name: dry-run, default: bogus}'), 'create configmap q'],
  [defaults('create configmap', '{name: nope, default: x}'), 'create secret generic q --dry-run=client'],
  [defaults('nope', '{name: nope, default: x}'), 'create secret generic q --dry-run=client'],
  [
    'apiVersion: kubectl.config.k8s.io/v1alpha1\nkind: Preference\noverrides:\n- command: create configmap\n  flags: [{name: dry-run, default: client}]\n',
    'create configmap q',
  ],
  [cm(''), 'foo x'],
  [cm(''), 'foo x -o yaml'],
  [cm(''), 'foo x -o yaml -n bar'],
  [cm('  prependArgs: [one]\n'), 'foo -o yaml'],
  [cm('  appendArgs: [one]\n'), 'foo --from-literal=a=b -o yaml'],
  [cm('- name: foo\n  command: get\n'), 'foo x'],
  [cm('- name: f1\n  command: get\n'), 'create configmap x --dry-run=client'],
  [`${cm('')}defaults:\n- command: create configmap\n  options: [{name: output, default: yaml}]\n`, 'foo x'],
  [`${HEAD}aliases:\n- name: foo\n  command: nope\n`, 'foo x'],
  [`${HEAD}aliases:\n- name: foo\n  command: nope\n`, 'create configmap x --dry-run=client'],
  [`${HEAD}aliases:\n- name: create\n  command: get\n`, 'create configmap x --dry-run=client'],
  [`${cm('')}---\n${HEAD}`, 'foo x'],
  [`apiVersion: kubectl.config.k8s.io/v1\nkind: Preference\n---\n${cm('')}`, 'foo x'],
  ['x: [', 'create configmap q --dry-run=client'],
  ['', 'create configmap q --dry-run=client'],
  [`${HEAD}defaults: 3\n`, 'create configmap q --dry-run=client'],
  ['apiVersion: v1\nkind: ConfigMap\n', 'create configmap q --dry-run=client'],
  [`${HEAD}credentialPluginPolicy: Allowlist\n`, 'create configmap q --dry-run=client'],
  [`${HEAD}credentialPluginPolicy: Bogus\n`, 'create configmap q --dry-run=client'],
  [`${HEAD}credentialPluginPolicy: DenyAll\ncredentialPluginAllowlist: [{name: a}]\n`, 'create cm q --dry-run=client'],
  [`${HEAD}credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: []\n`, 'create cm q --dry-run=client'],
  [
    `${HEAD}credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{name: ""}]\n`,
    'create cm q --dry-run=client',
  ],
  [
    `${HEAD}credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{name: ./a}]\n`,
    'create cm q --dry-run=client',
  ],
  [cm(''), 'alpha kuberc view'],
  [cm('  prependArgs: [one]\n'), 'alpha kuberc view -o json'],
  [`${HEAD}credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{name: a}]\n`, 'alpha kuberc view'],
  [HEAD, 'alpha kuberc set --section defaults --command get --option bad'],
  [HEAD, 'alpha kuberc set --section defaults --option a=b'],
  [HEAD, 'alpha kuberc set --command get'],
  [HEAD, 'alpha kuberc set --section aliases --command get'],
  [HEAD, 'alpha kuberc set --section foo --command get'],
  [HEAD, 'alpha kuberc set --section defaults --command get --appendarg a'],
  [HEAD, 'alpha kuberc set --section defaults --command get --name a'],
  [defaults('get', '{name: output, default: wide}'), 'alpha kuberc set --section defaults --command get --option a=b'],
];

describe('preferences, beside the real kubectl', () => {
  it.each(SAME)('%j %s', async (content, line) => {
    fs.writeFileSync(file, content);
    const argv = [...line.split(' '), `--kuberc=${file}`];
    const { status, stdout, stderr } = await runKubectl(argv);
    expect(await run(argv)).toEqual({ status, output: stdout, errors: stderr });
  });

  it.each([
    '--section defaults --command get --option output=wide',
    '--section defaults --command get --option output=json --option a= --overwrite',
    '--section aliases --name getn --command get --prependarg nodes --prependarg=a,b --option output=a=b',
    '--section aliases --name cmx --command "create configmap" --appendarg -- --appendarg foo',
    '--section aliases --name getn --command get --overwrite',
  ])('set %s writes the same file', async (flags) => {
    const before = path.join(folder, 'set-before');
    const [ours, theirs] = [path.join(folder, 'set-ours'), path.join(folder, 'set-theirs')];
    const content = fs.existsSync(before) ? fs.readFileSync(before) : HEAD;
    for (const each of [ours, theirs]) fs.writeFileSync(each, content);
    const argv = [
      'alpha',
      'kuberc',
      'set',
      ...(flags.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', '')),
    ];
    expect((await runKubectl([...argv, `--kuberc=${theirs}`])).stderr).toBe('');
    expect(await run([...argv, `--kuberc=${ours}`])).toMatchObject({
      status: 0,
      errors: '',
      output: `Updated ${ours}\n`,
    });
    expect(fs.readFileSync(ours, 'utf8')).toBe(fs.readFileSync(theirs, 'utf8'));
    fs.copyFileSync(ours, before);
  });
});

describe('preferences', () => {
  it('come from $KUBERC, and not at all when they are turned off', async () => {
    fs.writeFileSync(file, cm(''));
    const created = { status: 0, output: 'configmap/x created (dry run)\n', errors: '' };
    expect(await run(['foo', 'x'], { env: { KUBERC: file } })).toEqual(created);
    expect((await run(['-n', 'bar', 'foo', 'x'], { env: { KUBERC: file } })).output).toBe(created.output);
    for (const env of [{ KUBERC: 'off' }, { KUBERC: file, KUBECTL_KUBERC: 'false' }]) {
      expect((await run(['foo', 'x'], { env })).errors).toContain('unknown command "foo"');
    }
    expect(await run(['foo', 'x', `--kuberc=${file}`], { env: { KUBERC: 'off' } })).toMatchObject({
      status: 1,
      errors:
        'error occurred while applying preferences kuberc error disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive\n',
    });
  });

  it('a file that was named must be there', async () => {
    expect(await run(['version', '--client', '--kuberc=/nonexistent/kuberc'])).toMatchObject({
      status: 1,
      errors:
        'error occurred while applying preferences kuberc error kuberc: open /nonexistent/kuberc: no such file or directory\n',
    });
  });

  it('tells of fields that there are not, and goes on', async () => {
    fs.writeFileSync(file, `${HEAD}foo: bar\n`);
    expect(await run(['create', 'cm', 'x', '--dry-run=client', `--kuberc=${file}`])).toEqual({
      status: 0,
      output: 'configmap/x created (dry run)\n',
      errors: `kuberc: ignoring strict decoding error in ${file}: strict decoding error: unknown field "foo"\n`,
    });
  });

  it('never become the value of a flag that lacks its own', async () => {
    fs.writeFileSync(file, defaults('get', '{name: output, default: name}'));
    expect((await run(['get', 'pods', '-l'], { env: { KUBERC: file } })).errors).toContain(
      "flag needs an argument: 'l' in -l",
    );
  });

  it.each([
    ['DenyAll', 'not allowed: policy set to "DenyAll"'],
    ['Allowlist\ncredentialPluginAllowlist: [{name: other}]', 'is not permitted by the credential plugin allowlist'],
    ['AllowAll', 'was refused'],
  ])('credential plugins: %s', async (policy, message) => {
    const plugin = path.join(folder, 'plugin');
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 't' },
    };
    fs.writeFileSync(plugin, `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`, { mode: 0o755 });
    const kubeconfig = path.join(folder, 'kubeconfig');
    const exec = { apiVersion: credential.apiVersion, command: plugin, interactiveMode: 'Never' };
    const config = {
      clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'a', user: { exec } }],
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
      'current-context': 'a',
    };
    fs.writeFileSync(kubeconfig, JSON.stringify(config));
    fs.writeFileSync(file, `${HEAD}credentialPluginPolicy: ${policy}\n`);
    const { status, errors } = await run(['get', 'pods', `--kubeconfig=${kubeconfig}`], { env: { KUBERC: file } });
    expect({ status, says: errors.includes(message) }, errors).toEqual({ status: 1, says: true });
  });
});
