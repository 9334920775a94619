import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtText, buildKustomization } from '../../src/kustomize/build-kustomization.ts';
import { kustomizeDisk } from '../../src/manifests/kustomize-disk.ts';
import { run } from '../commands/run-program.ts';
import { recordedCases } from './recorded-cases.ts';

describe('kubectl kustomize', () => {
  const cases = recordedCases();

  it('has cases', () => {
    expect(cases.length).toBeGreaterThan(60);
    expect(cases.filter((each) => each.output !== '').length).toBeGreaterThan(20);
  });

  it.each(cases)('$name', async ({ root, start, flags, output, errors }) => {
    const ran = await run(['kustomize', start, ...flags]);
    expect({ output: ran.output, errors: ran.errors.replaceAll(root, 'ROOT') }).toEqual({ output, errors });
    expect(ran.status).toBe(output === '' && errors.includes('error: ') ? 1 : 0);
  });
});

describe('what is refused, or said', () => {
  let root = '';
  beforeAll(() => {
    root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-kustomize-')));
  });
  afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

  function folder(files: Readonly<Record<string, string>>): string {
    const made = fs.mkdtempSync(path.join(root, 'k'));
    for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(made, file), text);
    return made;
  }

  const refusals: [string, string, RegExp][] = [
    ['a remote folder', 'resources: ["https://github.com/example/repo//base?ref=v1"]', /remote sources: https:/],
    ['a remote file', 'resources: ["https://example.com/a.yaml"]', /remote sources: https:\/\/example/],
    ['a repository by ssh', 'resources: ["git@github.com:example/repo"]', /remote sources: git@github/],
    ['a Helm chart', 'helmCharts: [{name: a}]', /does not inflate Helm charts/],
    ['an old Helm chart', 'helmChartInflationGenerator: [{chartName: a}]', /does not inflate Helm charts/],
    ['a validator', 'validators: [v.yaml]', /does not run validators/],
    [
      'an unknown version of the schema',
      'namePrefix: a\nopenapi: {version: v1.1.1}',
      /OpenAPI version is not built in/,
    ],
  ];
  it.each(refusals)('%s', async (_what, kustomization, message) => {
    const ran = await run(['kustomize', folder({ 'kustomization.yaml': kustomization })]);
    expect(ran).toMatchObject({ status: 1, output: '' });
    expect(ran.errors).toMatch(message);
  });

  it('a schema of its own, which is not used', async () => {
    const made = folder({ 'kustomization.yaml': 'namePrefix: a\nopenapi: {path: schema.json}', 'schema.json': '{}' });
    const ran = await run(['kustomize', made]);
    expect(ran).toMatchObject({ status: 0, output: '' });
    expect(ran.errors).toMatch(/^# Warning: the schema schema.json of 'openapi' is not used/);
    const missing = folder({ 'kustomization.yaml': 'namePrefix: a\nopenapi: {path: nope.json}' });
    expect((await run(['kustomize', missing])).errors).toMatch(/^error: evalsymlink failure on .*nope.json/);
  });

  it('a remote folder to build', async () => {
    const ran = await run(['kustomize', 'https://github.com/example/repo']);
    expect(ran.errors).toMatch(/^error: kube-lite does not build from remote sources/);
  });

  it('more than one folder', async () => {
    const ran = await run(['kustomize', 'a', 'b']);
    expect(ran).toMatchObject({ status: 1, errors: 'error: specify one path to kustomization.yaml\n' });
  });

  it('a load restrictor that there is not', async () => {
    const ran = await run(['kustomize', '.', '--load-restrictor=none']);
    expect(ran.errors).toBe(
      'error: illegal flag value --load-restrictor none; legal values: [LoadRestrictionsRootOnly LoadRestrictionsNone]\n',
    );
  });

  it('links that lead out of the folder', () => {
    const made = folder({ 'kustomization.yaml': 'resources: [link.yaml]\n' });
    fs.writeFileSync(path.join(root, 'outside.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n');
    fs.symlinkSync(path.join(root, 'outside.yaml'), path.join(made, 'link.yaml'));
    const options = { files: kustomizeDisk, warn() {} };
    expect(() => buildKustomization(made, options)).toThrow(`security; file '${made}/link.yaml' is not in or below`);
    expect(builtText(buildKustomization(made, { ...options, loadRestrictions: 'none' }))).toContain('name: a');
  });

  const TWO = `resources: [all.yaml]\n`;
  const ALL = `apiVersion: v1
kind: ConfigMap
metadata: {name: A.b, namespace: x}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
---
apiVersion: v1
kind: Namespace
metadata: {name: n}
`;

  it('-o writes a file', async () => {
    const made = folder({ 'kustomization.yaml': TWO, 'all.yaml': ALL });
    const file = path.join(made, 'out');
    expect(await run(['kustomize', made, '-o', file])).toMatchObject({ status: 0, output: '' });
    expect(fs.readFileSync(file, 'utf8')).toBe((await run(['kustomize', made])).output);
  });

  it('-o with a folder writes a file for each object', async () => {
    const made = folder({ 'kustomization.yaml': TWO, 'all.yaml': ALL });
    const out = path.join(made, 'out');
    fs.mkdirSync(out);
    await run(['kustomize', made, '--output', out]);
    expect(fs.readdirSync(out).toSorted()).toEqual([
      'default_apps_v1_deployment_d.yaml',
      'v1_namespace_n.yaml',
      'x_v1_configmap_a.b.yaml',
    ]);
    const ran = await run(['kustomize', made, '--output', path.join(made, 'no', 'where')]);
    expect(ran.errors).toMatch(/^error: open .*where: no such file or directory\n$/);
  });
});

describe('-k', () => {
  let root = '';
  const env = (): Record<string, string> => ({ KUBE_LITE_DATA_DIR: path.join(root, 'data') });
  beforeAll(() => {
    root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-kustomize-')));
    fs.mkdirSync(path.join(root, 'k'));
    fs.writeFileSync(
      path.join(root, 'k', 'kustomization.yaml'),
      'namePrefix: p-\nresources: [all.yaml]\nconfigMapGenerator:\n- name: made\n  literals: [a=1]\n',
    );
    fs.writeFileSync(
      path.join(root, 'k', 'all.yaml'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n',
    );
  });
  afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

  it('applies, gets, labels and deletes what a kustomization comes to', async () => {
    const folder = path.join(root, 'k');
    const kubectl = (...args: string[]) => run(args, { env: env() });
    expect(await kubectl('apply', '-k', folder)).toMatchObject({
      status: 0,
      output: 'namespace/n created\nconfigmap/p-c created\nconfigmap/p-made-h29d89cmmt created\n',
    });
    expect((await kubectl('get', '-k', folder, '-o', 'name')).output).toBe(
      'namespace/n\nconfigmap/p-c\nconfigmap/p-made-h29d89cmmt\n',
    );
    expect((await kubectl('label', '-k', folder, 'a=b')).output).toContain('configmap/p-c labeled\n');
    expect((await kubectl('diff', '-k', folder)).status).toBe(0);
    expect((await kubectl('delete', '-k', folder)).output).toBe(
      'namespace "n" deleted\nconfigmap "p-c" deleted from default namespace\nconfigmap "p-made-h29d89cmmt" deleted from default namespace\n',
    );
  });

  it('goes neither with -f nor with -R', async () => {
    const both = await run(['apply', '-k', 'a', '-f', 'b'], { env: env() });
    expect(both).toMatchObject({
      status: 1,
      errors: expect.stringContaining('error: only one of -f or -k can be specified\n'),
    });
    const recursive = await run(['apply', '-k', 'a', '-R'], { env: env() });
    expect(recursive.errors).toContain("error: the -k flag can't be used with -f or -R\n");
  });

  it('tells what is wrong with the kustomization', async () => {
    const ran = await run(['apply', '-k', path.join(root, 'nope')], { env: env() });
    expect(ran.status).toBe(1);
    expect(ran.errors).toContain('error: must build at directory: not a valid directory: evalsymlink failure on');
  });
});
