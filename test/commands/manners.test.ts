import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nearWords } from '../../src/commands/near-words.ts';
import { run } from './run-program.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'manners-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const store = { KUBE_LITE_DATA_DIR: path.join(folder, 'store') };

describe('the pager', () => {
  const paged = path.join(folder, 'paged');
  const pager = `cat > ${paged}`;

  it('shows help and describe on a terminal', async () => {
    for (const argv of [
      ['create', '--help'],
      ['help', 'create'],
      ['describe', 'namespace', 'default'],
    ]) {
      const plain = await run(argv, { env: store });
      expect(plain.output).not.toBe('');
      const shown = await run(argv, { env: { ...store, PAGER: 'false', KUBE_LITE_PAGER: pager }, terminal: true });
      expect(shown).toEqual({ ...plain, output: '' });
      expect(fs.readFileSync(paged, 'utf8')).toBe(plain.output);
    }
  });

  it('is never used in a pipe, nor for anything else', async () => {
    const env = { ...store, KUBE_LITE_PAGER: 'exit 1' };
    expect((await run(['create', '--help'], { env })).output).toContain('Usage:');
    expect((await run(['get', 'namespaces', '-o', 'name'], { env, terminal: true })).output).toContain(
      'namespace/default',
    );
  });

  it('can be turned off, and one that there is not does no harm', async () => {
    for (const KUBE_LITE_PAGER of ['', 'cat', '/nonexistent/pager']) {
      const { output } = await run(['create', '--help'], { env: { KUBE_LITE_PAGER }, terminal: true });
      expect(output).toContain('Usage:');
    }
  });

  it('shows what there was before an error', async () => {
    const argv = ['describe', 'namespace', 'default', 'absent'];
    const { status, errors } = await run(argv, { env: { ...store, KUBE_LITE_PAGER: pager }, terminal: true });
    expect(status).toBe(1);
    expect(errors).toContain('"absent" not found');
    expect(fs.readFileSync(paged, 'utf8')).toContain('Name:         default');
  });
});

describe('did you mean', () => {
  it.each([
    [['get', 'pods', '--namespce=x'], 'Did you mean --namespace?\n'],
    [['rollout', 'statu'], 'Did you mean status?\n'],
    [['create', 'confgmap'], 'Did you mean configmap?\n'],
    [['auth', 'cani'], 'Did you mean can-i?\n'],
  ])('%j', async (argv, line) => {
    const env = { ...store, NO_COLOR: '1' };
    const plain = await run(argv, { env });
    expect(plain.errors).not.toContain('Did you mean');
    expect((await run(argv, { env, terminal: true })).errors).toContain(line);
  });

  it('says nothing when nothing is near', async () => {
    expect((await run(['get', 'pods', '--zzzzzzzz'], { env: store, terminal: true })).errors).not.toContain(
      'Did you mean',
    );
    expect(nearWords('x', ['abc'])).toEqual([]);
    expect(nearWords('creat', ['delete', 'create', 'created'])).toEqual(['create', 'created']);
  });
});

describe('man', () => {
  it('shows a page, and writes one for every command', async () => {
    const page = await run(['man', 'create', 'configmap']);
    expect(page).toMatchObject({ status: 0, errors: '' });
    expect(page.output).toContain('.TH "KUBECTL\\-CREATE\\-CONFIGMAP" "1"');
    expect(page.output).toContain('.BR kubectl\\-create (1)');
    const pages = path.join(folder, 'man1');
    expect((await run(['man', `--dir=${pages}`])).output).toMatch(/^\d+ manual pages written to /);
    const names = fs.readdirSync(pages);
    expect(names.length).toBeGreaterThan(80);
    expect(names).toContain('kubectl.1');
    for (const name of names) {
      const text = fs.readFileSync(path.join(pages, name), 'utf8');
      // Every request is one that this project writes: no text has become one.
      const requests = text.split('\n').flatMap((line) => /^[.'](\w*)/.exec(line)?.[1] ?? []);
      expect(
        requests.filter((each) => !/^(?:TH|SH|B|BR|TP|PP|nf|fi|RS|RE)$/.test(each)),
        name,
      ).toEqual([]);
    }
  });

  it('refuses what there is not', async () => {
    expect(await run(['man', 'nonsense'])).toMatchObject({ status: 1, errors: 'error: unknown command "nonsense"\n' });
    expect((await run(['man', 'get', `--dir=${folder}`])).status).toBe(1);
    expect((await run(['man', '--nonsense'])).errors).toContain('unknown flag: --nonsense');
  });

  it('is read by man, where there is one', async () => {
    const file = path.join(folder, 'page.1');
    fs.writeFileSync(file, (await run(['man', 'get'])).output);
    const man = ['/usr/bin/groff', '/usr/bin/mandoc'].find((each) => fs.existsSync(each));
    // A machine without either has checked the requests above.
    if (man === undefined) return;
    expect(execFileSync(man, ['-man', '-Tascii', file], { encoding: 'utf8' })).toContain('get');
  });
});

describe('version', () => {
  it("tells kustomize's too, as kubectl does", async () => {
    expect((await run(['version', '--client'])).output).toMatch(/^Client Version: \S+\nKustomize Version: v5\.7\.1\n$/);
    expect(JSON.parse((await run(['version', '--client', '-o', 'json'])).output)).toMatchObject({
      kustomizeVersion: 'v5.7.1',
    });
  });
});

describe('who acts on a store', () => {
  it('its administrator, or whom --as names, with what roles allow him', async () => {
    expect((await run(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'], { env: store })).output).toBe(
      'kube-lite-admin',
    );
    const asRobot = ['--as=system:serviceaccount:default:robot'];
    expect(
      (await run(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.groups}', ...asRobot], { env: store })).output,
    ).toBe('["system:serviceaccounts","system:serviceaccounts:default","system:authenticated"]');
    const canI = ['auth', 'can-i', 'create', 'configmaps'];
    expect(await run(canI, { env: store })).toMatchObject({ status: 0, output: 'yes\n' });
    expect(await run([...canI, ...asRobot], { env: store })).toMatchObject({ status: 1, output: 'no\n' });
    expect((await run(['create', 'configmap', 'x', ...asRobot], { env: store })).errors).toContain('is forbidden');
    for (const line of [
      'create role maker --verb=create --resource=configmaps',
      'create rolebinding maker --role=maker --serviceaccount=default:robot',
    ]) {
      expect((await run(line.split(' '), { env: store })).errors).toBe('');
    }
    expect(await run([...canI, ...asRobot], { env: store })).toMatchObject({ status: 0, output: 'yes\n' });
    expect((await run(['create', 'configmap', 'x', ...asRobot], { env: store })).output).toBe('configmap/x created\n');
    expect((await run(['get', 'pods', '--as-group=g'], { env: store })).errors).toContain(
      'without impersonating a user',
    );
  });
});
