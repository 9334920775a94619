import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { editedMeaning, editHeader, hasContent, withoutComments } from '../../src/commands/edit/edit-text.ts';
import { run as runProgram } from './run-program.ts';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-edit-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A store with a ConfigMap and an editor that is a shell script; `$1` is the file. */
function setting(name: string, script: string) {
  const editor = path.join(folder, `${name}.sh`);
  fs.writeFileSync(editor, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const env = { KUBE_LITE_DATA_DIR: path.join(folder, name), KUBE_EDITOR: editor };
  return (argv: string, input = '') => runProgram(argv.split(' '), { env, input });
}

/** The text that the editor was shown, in each round. */
function seen(name: string): string[] {
  return fs
    .readFileSync(path.join(folder, `${name}.seen`), 'utf8')
    .split('=====\n')
    .slice(0, -1);
}

function keep(name: string): string {
  return `cat "$1" >> ${folder}/${name}.seen; echo ===== >> ${folder}/${name}.seen`;
}

function storedFile(errors: string): string {
  return /stored to "(.*)"/.exec(errors)?.[1] ?? '';
}

describe('edit', () => {
  it('sends what was changed, and shows the object without who set which field', async () => {
    const run = setting('change', `${keep('change')}; sed -i 's/a: "1"/a: "2"/' "$1"`);
    await run('create cm c --from-literal=a=1');
    expect(await run('edit cm c --output-patch')).toEqual({
      status: 0,
      output: 'Patch: {"data":{"a":"2"}}\nconfigmap/c edited\n',
      errors: '',
    });
    expect((await run('get cm c -o jsonpath={.data}')).output).toBe('{"a":"2"}');
    const [text = ''] = seen('change');
    expect(text).toMatch(/^# Please edit the object below\. Lines beginning with a '#' will be ignored,\n/);
    expect(text).not.toContain('managedFields');
  });

  it('edits several objects in one text and changes each on its own', async () => {
    const run = setting('several', `sed -i '0,/a: "1"/s/a: "1"/a: "2"/' "$1"`);
    await run('create cm c --from-literal=a=1');
    await run('create cm d --from-literal=a=1');
    expect((await run('edit cm c d')).output).toBe('configmap/c edited\nconfigmap/d skipped\n');
  });

  it('keeps what others change meanwhile', async () => {
    const run = setting('meanwhile', `cp "$1" ${folder}/meanwhile.copy; sed -i 's/a: "1"/a: "2"/' "$1"`);
    await run('create cm c --from-literal=a=1 --from-literal=b=1');
    await run('label cm c by=hand');
    await run('edit cm c');
    expect((await run('get cm c -o jsonpath={.data}{.metadata.labels}')).output).toBe('{"a":"2","b":"1"}{"by":"hand"}');
  });

  it('does nothing when nothing was changed', async () => {
    const run = setting('nothing', 'echo "# a comment" >> "$1"');
    await run('create cm c --from-literal=a=1');
    expect(await run('edit cm c')).toEqual({ status: 0, output: '', errors: 'Edit cancelled, no changes made.\n' });
  });

  it('opens again with the reasons when the object is invalid, until it is not', async () => {
    const fix = `if grep -q 'replicas: -4' "$1"; then sed -i 's/replicas: -4/replicas: 4/' "$1"; else sed -i 's/replicas: 1/replicas: -4/' "$1"; fi`;
    const run = setting('again', `${keep('again')}; ${fix}`);
    await run('create deploy web --image=nginx');
    expect(await run('edit deploy web')).toMatchObject({
      status: 0,
      output: 'deployment.apps/web edited\n',
      errors: 'error: deployments.apps "web" is invalid\n',
    });
    const [first = '', second = ''] = seen('again');
    expect(first).not.toContain('was not valid');
    expect(second).toContain(
      '# deployments.apps "web" was not valid:\n# * spec.replicas: Invalid value: -4: must be greater than or equal to 0\n#\n',
    );
    expect((await run('get deploy web -o jsonpath={.spec.replicas}')).output).toBe('4');
  });

  it('gives up when the same wrong text comes twice, and keeps the text', async () => {
    const run = setting('wrong', `echo 'x: [' > "$1"`);
    await run('create cm c --from-literal=a=1');
    const { status, errors } = await run('edit cm c');
    expect(status).toBe(1);
    expect(errors).toMatch(/error: Edit cancelled, no valid changes were saved\.\n$/);
    expect(fs.readFileSync(storedFile(errors), 'utf8')).toBe('x: [\n');
    fs.rmSync(storedFile(errors));
  });

  it('says where the text is when the object has gone', async () => {
    const [open, go] = [path.join(folder, 'gone.open'), path.join(folder, 'gone.go')];
    const run = setting(
      'gone',
      `touch ${open}; while [ ! -e ${go} ]; do sleep 0.02; done; sed -i 's/a: "1"/a: "2"/' "$1"`,
    );
    await run('create cm c --from-literal=a=1');
    const editing = run('edit cm c');
    await vi.waitUntil(() => fs.existsSync(open), { timeout: 10_000 });
    await run('delete cm c');
    fs.writeFileSync(go, '');
    const { status, errors } = await editing;
    expect(status).toBe(1);
    expect(errors).toMatch(
      /^error: configmaps "c" could not be found on the server\nThe edits you made on deleted resources/,
    );
    const file = /have been saved to "(.*)"\n$/.exec(errors)?.[1] ?? '';
    expect(fs.readFileSync(file, 'utf8')).toContain('a: "2"');
    fs.rmSync(file);
  });

  it.each([
    ['name', 's/name: c/name: other/', 'error: At least one of apiVersion, kind and name was changed\n'],
    [
      'namespace',
      's/namespace: default/namespace: other/',
      `error: the namespace from the provided object "other" does not match the namespace "default". You must pass '--namespace=other' to perform this operation.\n`,
    ],
  ])('refuses another %s', async (what, change, message) => {
    const run = setting(`other-${what}`, `sed -i '${change}' "$1"`);
    await run('create cm c --from-literal=a=1');
    const { status, errors } = await run('edit cm c');
    expect(status).toBe(1);
    expect(errors.endsWith(message)).toBe(true);
    fs.rmSync(storedFile(errors));
  });

  it('says that the editor failed or is not there', async () => {
    const run = setting('failing', 'exit 3');
    await run('create cm c --from-literal=a=1');
    expect((await run('edit cm c')).errors).toBe(`error: there was a problem with the editor "${folder}/failing.sh"\n`);
    const env = { KUBE_LITE_DATA_DIR: path.join(folder, 'failing'), EDITOR: 'no-such-editor' };
    expect((await runProgram(['edit', 'cm', 'c'], { env })).errors).toBe(
      'error: unable to launch the editor "no-such-editor"\n',
    );
    const shell = { KUBE_LITE_DATA_DIR: path.join(folder, 'failing'), KUBE_EDITOR: `sed -i 's/a: "1"/a: "it works"/'` };
    expect((await runProgram(['edit', 'cm', 'c'], { env: shell })).output).toBe('configmap/c edited\n');
    for (const name of fs.readdirSync(os.tmpdir())) {
      if (/^kubectl-edit-\d+/.test(name)) fs.rmSync(path.join(os.tmpdir(), name), { force: true });
    }
  });

  it('edits JSON without a comment', async () => {
    const run = setting('json', `${keep('json')}; sed -i 's/"a": "1"/"a": "2"/' "$1"`);
    await run('create cm c --from-literal=a=1');
    expect((await run('edit cm c -o json')).output).toContain('"a": "2"');
    expect(seen('json')[0]).toMatch(/^\{\n {4}"apiVersion": "v1",\n/);
  });

  it('edits what is to be created, and what was applied', async () => {
    const run = setting('create', `sed -i 's/a: "1"/a: "2"/' "$1"`);
    const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: "1"}\n';
    expect((await run('create -f - --edit --save-config', manifest)).output).toBe('configmap/c created\n');
    expect((await run('get cm c -o jsonpath={.data}')).output).toBe('{"a":"2"}');
    await run('apply -f -', manifest);
    expect((await run('apply edit-last-applied cm/c')).output).toBe('configmap/c edited\n');
    expect((await run('apply view-last-applied cm/c')).output).toContain('a: "2"');
    expect((await run('get cm c -o jsonpath={.data}')).output).toBe('{"a":"1"}');
  });
});

describe('the edited text', () => {
  it('loses its comments, but not what looks like a program', () => {
    expect(withoutComments('# c\na: 1\n  # d\n#!x')).toBe('a: 1\n#!x\n');
  });

  it.each([
    ['a: 1\nb: 2\n', '# c\nb: 2\na:    1\n', true],
    ['a: 1\n', 'a: 2\n', false],
    ['a: [\n', '# c\na: [\n', true],
    ['a: [\n', 'b: [\n', false],
  ])('%j and %j mean the same: %s', (left, right, same) => {
    expect(editedMeaning(left) === editedMeaning(right)).toBe(same);
  });

  it.each([
    ['', false],
    ['# a\n  # b\n \n', false],
    ['# a\nb', true],
  ])('%j has content: %s', (text, expected) => {
    expect(hasContent(text)).toBe(expected);
  });

  it('begins with reasons that stay comments', () => {
    const header = editHeader('object', [
      { head: 'two\nlines', causes: ['a\nb'] },
      { head: 'alone', causes: [] },
    ]);
    expect(header.split('\n').every((line) => line === '' || line.startsWith('#'))).toBe(true);
    expect(header).toContain('# two\n# lines:\n# * a\n# b\n#\n# alone\n#\n');
  });
});
