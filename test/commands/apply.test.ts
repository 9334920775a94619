import fc from 'fast-check';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastAppliedText } from '../../src/commands/last-applied.ts';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { run as runProgram } from './run-program.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-apply-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A store of its own, and what it is asked. */
function store(name: string) {
  const env = { KUBE_LITE_DATA_DIR: path.join(folder, name) };
  const run = (argv: string, input: unknown = '') =>
    runProgram(argv.split(' '), { env, input: typeof input === 'string' ? input : JSON.stringify(input) });
  return {
    run,
    apply: (objects: unknown, flags = '') => run(`apply -f - ${flags}`.trim(), objects),
    get: async (what: string): Promise<KubeObject> =>
      JSON.parse((await run(`get ${what} -o json`)).output) as KubeObject,
  };
}

function configMap(name: string, data: Record<string, unknown>, metadata: Record<string, unknown> = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

function listOf(...items: unknown[]) {
  return { apiVersion: 'v1', kind: 'List', items };
}

describe('apply', () => {
  it('creates, leaves and changes objects, and records what it applied', async () => {
    const { apply, get } = store('basic');
    const first = configMap('c', { a: '1', b: '2' });
    expect(await apply(first)).toEqual({ status: 0, output: 'configmap/c created\n', errors: '' });
    expect(await apply(first)).toMatchObject({ status: 0, output: 'configmap/c unchanged\n' });
    const object = await get('cm c');
    expect(object.metadata.annotations).toEqual({
      [LAST_APPLIED]:
        '{"apiVersion":"v1","data":{"a":"1","b":"2"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"c","namespace":"default"}}\n',
    });
    expect(await apply(configMap('c', { a: '1', c: '3' }))).toMatchObject({ output: 'configmap/c configured\n' });
    expect((await get('cm c'))['data']).toEqual({ a: '1', c: '3' });
  });

  it('keeps what others have set and removes only what it applied before', async () => {
    const { apply, run, get } = store('others');
    await apply(configMap('c', { a: '1', b: '2' }));
    await run(`patch cm c --type=merge -p {"data":{"live":"yes","a":"theirs"}}`);
    await apply(configMap('c', { a: '1' }));
    expect((await get('cm c'))['data']).toEqual({ a: '1', live: 'yes' });
  });

  it('merges lists by their keys', async () => {
    const { apply, run, get } = store('lists');
    const deployment = (containers: unknown) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers } },
      },
    });
    await apply(
      deployment([
        { name: 'a', image: 'a:1' },
        { name: 'b', image: 'b:1' },
      ]),
    );
    const sidecar = { spec: { template: { spec: { containers: [{ name: 'mine', image: 'm:1' }] } } } };
    await run(`patch deploy web -p ${JSON.stringify(sidecar)}`);
    await apply(deployment([{ name: 'a', image: 'a:2' }]));
    const { spec } = (await get('deploy web')) as KubeObject & {
      spec: { template: { spec: { containers: { name: string; image: string }[] } } };
    };
    const images = spec.template.spec.containers.map(({ name, image }) => `${name}=${image}`).sort();
    expect(images).toEqual(['a=a:2', 'mine=m:1']);
  });

  it('is idempotent, whatever the data', async () => {
    const { apply, get } = store('laws');
    const key = fc.stringMatching(/^[a-zA-Z0-9][-a-zA-Z0-9_.]{0,8}$/).filter((text) => !text.includes('..'));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(key, fc.string()),
        fc.dictionary(key, fc.string(), { minKeys: 1 }),
        async (before, after) => {
          await apply(configMap('law', before));
          await apply(configMap('law', after));
          expect(await apply(configMap('law', after))).toMatchObject({
            status: 0,
            output: 'configmap/law unchanged\n',
          });
          const object = await get('cm law');
          expect(object['data'] ?? {}).toEqual({ ...after });
          const manifest = configMap('law', after, { namespace: 'default' }) as KubeObject;
          expect(object.metadata.annotations?.[LAST_APPLIED]).toBe(lastAppliedText(manifest));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('drops nulls when it creates, but records them', async () => {
    const { apply, get } = store('nulls');
    await apply(configMap('n', { a: '1', b: null }));
    const object = await get('cm n');
    expect(object['data']).toEqual({ a: '1' });
    expect(object.metadata.annotations?.[LAST_APPLIED]).toContain('"b":null');
  });

  it('warns of an object that nothing was applied to, and records from then on', async () => {
    const { apply, run } = store('missing');
    await run('create cm plain --from-literal=a=b');
    const { output, errors } = await apply(configMap('plain', { a: 'b' }));
    expect(output).toBe('configmap/plain configured\n');
    expect(errors).toMatch(
      /^Warning: resource configmaps\/plain is missing the kubectl\.kubernetes\.io.*automatically\.\n$/,
    );
    expect(await apply(configMap('plain', { a: 'b' }))).toMatchObject({
      output: 'configmap/plain unchanged\n',
      errors: '',
    });
  });

  it('stores nothing in a dry run', async () => {
    const { apply, run } = store('dry');
    expect(await apply(configMap('d', {}), '--dry-run=client')).toMatchObject({
      output: 'configmap/d created (dry run)\n',
    });
    expect(await apply(configMap('d', {}), '--dry-run=server')).toMatchObject({
      output: 'configmap/d created (server dry run)\n',
    });
    expect(await run('get cm d')).toMatchObject({ status: 1 });
    await apply(configMap('d', { a: '1' }));
    expect(await apply(configMap('d', { a: '2' }), '--dry-run=client')).toMatchObject({
      output: 'configmap/d configured (dry run)\n',
    });
    expect(await apply(configMap('d', { a: '1' }), '--dry-run=server')).toMatchObject({
      output: 'configmap/d unchanged (server dry run)\n',
    });
    const { output } = await apply(configMap('d', { a: '2' }), '--dry-run=server -o jsonpath={.data}');
    expect(output).toBe('{"a":"2"}');
  });

  it('goes on after an object that fails, and says what failed', async () => {
    const { apply } = store('errors');
    const objects = listOf(configMap('Bad_Name', {}), configMap('good', {}), {
      apiVersion: 'v1',
      kind: 'Nope',
      metadata: { name: 'x' },
    });
    const { status, output, errors } = await apply(objects);
    expect({ status, output }).toEqual({ status: 1, output: 'configmap/good created\n' });
    expect(errors).toContain(
      'resource mapping not found for name: "x" namespace: "" from "STDIN": no matches for kind "Nope"',
    );
    expect(errors).toContain('error when creating "STDIN": ConfigMap "Bad_Name" is invalid');
  });

  it('shows the patch and the object when the server refuses a change', async () => {
    const { apply } = store('refused');
    await apply(configMap('c', { a: '1' }));
    const wrong = { ...configMap('c', { a: '1' }), immutable: 'yes' };
    const { status, errors } = await apply(listOf(wrong, configMap('Bad_Name', {})));
    expect(status).toBe(1);
    expect(errors).toContain(
      'Error from server (Invalid): error when applying patch:\n{"immutable":"yes","metadata":{"annotations":{',
    );
    expect(errors).toContain(
      '\nto:\nResource: "/v1, Resource=configmaps", GroupVersionKind: "/v1, Kind=ConfigMap"\nName: "c", Namespace: "default"\nfor: "STDIN": error when patching "STDIN": ',
    );
  });

  it('refuses to overwrite what somebody else has changed when told so', async () => {
    const { apply, run, get } = store('overwrite');
    await apply(configMap('c', { a: '1' }));
    await run('patch cm c --type=merge -p {"data":{"a":"theirs"}}');
    const { status, errors } = await apply(configMap('c', { a: '2' }), '--overwrite=false --openapi-patch=false');
    expect(status).toBe(1);
    expect(errors).toMatch(
      /^error: error when applying patch:\n\nto:\nResource: .*conflicts with changes made from original to current:\n/s,
    );
    expect((await get('cm c'))['data']).toEqual({ a: 'theirs' });
  });

  it('deletes and creates by force what cannot be changed', async () => {
    const { apply, get } = store('force');
    await apply({ ...configMap('c', { a: '1' }), immutable: true });
    const { uid } = (await get('cm c')).metadata;
    expect(await apply({ ...configMap('c', { a: '2' }), immutable: true })).toMatchObject({ status: 1 });
    expect(await apply({ ...configMap('c', { a: '2' }), immutable: true }, '--force')).toMatchObject({
      output: 'configmap/c configured\n',
    });
    const after = await get('cm c');
    expect(after['data']).toEqual({ a: '2' });
    expect(after.metadata.uid).not.toBe(uid);
  });

  it('refuses a generated name and no name at all', async () => {
    const { apply } = store('names');
    expect(await apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'g-' } })).toMatchObject({
      errors: 'error: from g-: cannot use generate name with apply\n',
    });
    expect((await apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {} })).errors).toContain(
      'Name: "", Namespace: "default"\nfrom server for: "STDIN": resource name may not be empty',
    );
  });

  it('prints several objects as one List', async () => {
    const { apply } = store('list');
    const { output } = await apply(listOf(configMap('a', {}), configMap('b', {})), '-o json');
    const list = JSON.parse(output) as { items: KubeObject[] };
    expect(Object.keys(list)).toEqual(['kind', 'apiVersion', 'metadata', 'items']);
    expect(list.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    expect((await apply(configMap('a', {}), '-o name')).output).toBe('configmap/a\n');
  });

  it('prunes what it applied before and is no longer in the manifests, and nothing else', async () => {
    const { apply, run } = store('prune');
    const labels = { labels: { app: 'x' } };
    const keep = configMap('keep', { a: '1' }, labels);
    await apply(listOf(keep, configMap('old', { a: '1' }, labels), configMap('other', {})));
    await run('create cm by-hand --from-literal=a=b');
    await run('label cm by-hand app=x');
    const dry = await apply(keep, '--prune -l app=x --dry-run=client --prune-allowlist=core/v1/ConfigMap');
    expect(dry.output).toBe('configmap/keep configured (dry run)\nconfigmap/old pruned (dry run)\n');
    expect((await apply(keep, '--prune -l app=x')).output).toBe('configmap/keep unchanged\nconfigmap/old pruned\n');
    expect((await run('get cm -o name')).output.split('\n').filter((line) => !line.includes('kube-root-ca'))).toEqual([
      'configmap/by-hand',
      'configmap/keep',
      'configmap/other',
      '',
    ]);
    expect(await apply(configMap('keep', {}), '--prune --all --prune-allowlist=v1/ConfigMap')).toMatchObject({
      errors: 'error: invalid GroupVersionKind format: v1/ConfigMap, please follow <group/version/kind>\n',
    });
  });

  it('finds nothing to apply', async () => {
    const { apply } = store('nothing');
    expect(await apply('')).toMatchObject({ status: 1, errors: 'error: no objects passed to apply\n' });
    expect(await apply(configMap('a', {}), '-l a=b')).toMatchObject({ errors: 'error: no objects passed to apply\n' });
  });
});

describe('the record of what was applied', () => {
  it('is shown, set and refused', async () => {
    const { apply, run } = store('record');
    await apply(configMap('c', { a: 'y' }));
    expect((await run('apply view-last-applied cm/c')).output).toBe(
      'apiVersion: v1\ndata:\n  a: "y"\nkind: ConfigMap\nmetadata:\n  annotations: {}\n  name: c\n  namespace: default\n',
    );
    expect((await run('apply view-last-applied cm c -o json')).output).toMatch(/^\{\n {2}"apiVersion": "v1",\n/);
    expect(await run('apply view-last-applied cm c -o xml')).toMatchObject({
      errors:
        "error: Unexpected -o output mode: xml, the flag 'output' must be one of yaml|json\nSee 'kubectl apply view-last-applied -h' for help and examples\n",
    });
    const changed = configMap('c', { a: 'z' });
    expect(await run('apply set-last-applied -f -', changed)).toMatchObject({ output: 'configmap/c configured\n' });
    expect(await run('apply set-last-applied -f -', changed)).toMatchObject({
      output: 'set-last-applied c: no changes required.\n',
    });
    expect((await run('get cm c -o jsonpath={.data}')).output).toBe('{"a":"y"}');
    await run('create cm plain --from-literal=a=b');
    expect(await run('apply set-last-applied -f -', configMap('plain', {}))).toMatchObject({
      errors:
        'error: no last-applied-configuration annotation found on resource: plain, to create the annotation, run the command with --create-annotation\n',
    });
    expect(await run('apply set-last-applied --create-annotation -f -', configMap('plain', {}))).toMatchObject({
      output: 'configmap/plain configured\n',
    });
  });
});
