import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { carryUnknownFields } from '../../src/model/protobuf/carry-unknown-fields.ts';
import { decodeProtobuf } from '../../src/model/protobuf/decode-object.ts';
import { encodeObject } from '../../src/model/protobuf/encode-object.ts';
import { wireJsonText } from '../../src/model/wire-json.ts';
import { openEtcdStorage } from '../../src/storage/etcd/open-etcd-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { type Ran, run, type Setting } from '../commands/run-program.ts';
import { type EtcdServer, startEtcd } from '../peers/etcd-server.ts';
import { labeled } from '../model/protobuf/labeled.ts';
import { plants, plantsIn, withPlants } from '../model/protobuf/plant-unknown-fields.ts';
import { withUnknownField } from './with-unknown-field.ts';

let etcd: EtcdServer;
let storage: Storage;
let folder: string;
let prefixes = 0;
let prefix: string;

beforeAll(async () => {
  etcd = await startEtcd();
  storage = await openEtcdStorage({ endpoints: etcd.endpoints });
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-foreign-'));
});
afterAll(async () => {
  await storage.close();
  await etcd.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  prefix = `/registry-${++prefixes}`;
});

const kubectl = (argv: readonly string[], { env = {}, ...setting }: Setting = {}): Promise<Ran> =>
  run(argv, {
    ...setting,
    env: {
      KUBE_LITE_ETCD_ENDPOINTS: etcd.endpoints.join(','),
      KUBE_LITE_ETCD_PREFIX: prefix,
      XDG_STATE_HOME: path.join(folder, 'state'),
      ...env,
    },
  });
const done = async (argv: readonly string[], setting: Setting = {}): Promise<string> => {
  const { status, output, errors } = await kubectl(argv, setting);
  expect({ status, errors }).toEqual({ status: 0, errors: '' });
  return output;
};
const valueAt = async (name: string): Promise<Buffer> => {
  const { kvs } = await storage.range({ key: Buffer.from(`${prefix}/${name}`) });
  return kvs[0]?.value ?? Buffer.alloc(0);
};
const plant = async (name: string, value: Buffer | string): Promise<void> => {
  const key = Buffer.from(`${prefix}/${name}`);
  await storage.txn({ compares: [], success: [{ type: 'put', key, value: Buffer.from(value) }] });
};

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: d, labels: {app: d}}
spec:
  replicas: 1
  selector: {matchLabels: {app: d}}
  template:
    metadata: {labels: {app: d}}
    spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 1}}}]}
`;
const AT = 'deployments/default/d';

describe('fields that a newer Kubernetes wrote', () => {
  const editor = (): string => {
    const file = path.join(folder, 'edit.sh');
    fs.writeFileSync(file, '#!/bin/sh\nsed -i "s/replicas: 1/replicas: 2/" "$1"\n', { mode: 0o755 });
    return file;
  };
  const changes = (): [string[], Setting?][] => [
    [['label', 'deployment', 'd', 'x=y']],
    [['annotate', 'deployment', 'd', 'x=y']],
    [['patch', 'deployment', 'd', '-p', '{"spec":{"replicas":2}}']],
    [['patch', 'deployment', 'd', '--type=json', '-p', '[{"op":"remove","path":"/metadata/labels"}]']],
    [['scale', 'deployment', 'd', '--replicas=2']],
    [['set', 'image', 'deployment/d', 'c=other']],
    [['replace', '-f', '-'], { input: DEPLOYMENT.replace('replicas: 1', 'replicas: 2') }],
    [['apply', '-f', '-'], { input: DEPLOYMENT.replace('replicas: 1', 'replicas: 2') }],
    [
      ['apply', '--server-side', '--force-conflicts', '-f', '-'],
      { input: DEPLOYMENT.replace('replicas: 1', 'replicas: 2') },
    ],
    [['edit', 'deployment', 'd'], { env: { KUBE_EDITOR: editor() } }],
    [['etcd', 'put', '/apis/apps/v1/namespaces/default/deployments/d', '-', '--force'], { input: DEPLOYMENT }],
  ];

  it.each([
    ['the object', []],
    ['the metadata', [1]],
    ['the spec', [2]],
    ['the metadata of the template', [2, 3, 1]],
    ['the spec of the template', [2, 3, 2]],
    ['a container in a list', [2, 3, 2, 2]],
    ['the resources of a container', [2, 3, 2, 2, 8]],
    ['a quantity in a map', [2, 3, 2, 2, 8, 2, 2]],
    ['a label in a map', [1, 11]],
  ])('in %s survive every change, whichever command makes it', async (_where, at) => {
    await done(['create', '-f', '-'], { input: DEPLOYMENT });
    const planted = withUnknownField(await valueAt(AT), at);
    for (const [argv, setting] of changes()) {
      await plant(AT, planted);
      // The labels are taken out: what is in one of them goes with it.
      const goes = argv.includes('--type=json') && at[1] === 11;
      expect(await kubectl(argv, setting), argv.join(' ')).toMatchObject({ status: 0 });
      const after = await valueAt(AT);
      expect(after.equals(planted)).toBe(false);
      const { object, unknownFields } = decodeProtobuf(after);
      expect({ argv, unknown: unknownFields.map(({ number }) => number) }).toEqual({
        argv,
        unknown: goes ? [] : [1500],
      });
      // And it is in the message that it was in.
      if (!goes) expect(withUnknownField(encodeObject(object), at).equals(after), argv.join(' ')).toBe(true);
    }
    await plant(AT, planted);
    expect(await done(['get', 'deployment', 'd', '-o', 'jsonpath={.spec.replicas}'])).toBe('1');
    expect(await done(['etcd', 'get', `${prefix}/${AT}`])).toMatch(
      /# fields that are not known here and not shown: .*: 1500\n/,
    );
    expect(await done(['label', 'deployment', 'd', 'app=d'])).toBe('deployment.apps/d not labeled\n');
    expect((await valueAt(AT)).equals(planted)).toBe(true);
    // Its value is kept when it goes, and comes back to the byte.
    await done(['delete', 'deployment', 'd']);
    await done(['etcd', 'undo', '--last=1']);
    expect((await valueAt(AT)).equals(planted)).toBe(true);
  });

  it('are refused a change that leaves them no certain place, and then nothing is changed', async () => {
    const input = DEPLOYMENT.replace('spec: {containers', 'spec: {tolerations: [{key: a}, {key: b}], containers');
    await done(['create', '-f', '-'], { input });
    const planted = withUnknownField(await valueAt(AT), [2, 3, 2, 22]);
    await plant(AT, planted);
    const patch = '[{"op":"replace","path":"/spec/template/spec/tolerations/0/key","value":"c"}]';
    const refused = [
      { argv: ['patch', 'deployment', 'd', '--type=json', '-p', patch] },
      {
        argv: ['etcd', 'put', '/apis/apps/v1/namespaces/default/deployments/d', '-', '--force'],
        input: input.replace('key: a', 'key: c'),
      },
    ];
    for (const { argv, ...setting } of refused) {
      const { status, errors } = await kubectl(argv, setting);
      expect(status).toBe(1);
      expect(errors).toMatch(/has fields (that|which) this version( of kube-lite)? does not know/);
      expect(errors).toContain('(spec.template.spec.tolerations: an item of tolerations has fields that are not known');
      expect((await valueAt(AT)).equals(planted)).toBe(true);
    }
    await done(['label', 'deployment', 'd', 'x=y']);
    const removal = '[{"op":"remove","path":"/spec/template/spec/tolerations/0"}]';
    await done(['patch', 'deployment', 'd', '--type=json', '-p', removal]);
    expect(decodeProtobuf(await valueAt(AT)).unknownFields).toEqual([]);
  });

  it('of all stored kinds and at any depth are there after a label changed, all else as it was', async () => {
    const all = (
      JSON.parse(fs.readFileSync(new URL('../../fixtures/reference/stored-objects.json', import.meta.url), 'utf8')) as {
        resource: string;
        group: string;
        key: string;
        object: KubeObject;
        value: string;
      }[]
    ).filter(({ value, group }) => value.startsWith('azhzA') && group !== 'events.k8s.io');
    const choices = fc.sample(plants, { numRuns: all.length, seed: 20261124 });
    for (const [index, { resource, group, key, object, value }] of all.entries()) {
      const at = key.replace(/^\/registry\//, '');
      const base = labeled(Buffer.from(value, 'base64'), 'zy');
      const planted = withPlants(base, choices[index] ?? []);
      await plant(at, planted);
      const { name = '', namespace = 'default' } = object.metadata;
      const env = { XDG_STATE_HOME: path.join(folder, 'state-of-all') };
      const labelling = ['label', `${resource}.${group}`.replace(/[.]$/, ''), name, 'zz=c', '-n', namespace];
      expect(await kubectl(labelling, { env }), at).toMatchObject({ status: 0 });
      const after = await valueAt(at);
      expect(plantsIn(after), at).toEqual(plantsIn(planted));
      const known = encodeObject(decodeProtobuf(after).object);
      expect(carryUnknownFields(after, known).equals(after), at).toBe(true);
      const { managedFields: _mine, ...metadata } = decodeProtobuf(after).object.metadata;
      const { managedFields: _theirs, ...before } = decodeProtobuf(base).object.metadata;
      // As text, for raw JSON may have had spaces.
      expect(JSON.parse(wireJsonText({ ...decodeProtobuf(after).object, metadata }))).toEqual(
        JSON.parse(
          wireJsonText({
            ...decodeProtobuf(base).object,
            metadata: { ...before, labels: { ...before.labels, zz: 'c' } },
          }),
        ),
      );
    }
  });
});

describe('encodings', () => {
  const CONFIG_MAP =
    '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c","namespace":"default","uid":"u"},"data":{"a":"1"}}\n';
  const C = 'configmaps/default/c';

  it('what is stored as JSON stays JSON, what is stored as protobuf stays protobuf', async () => {
    await plant(C, CONFIG_MAP);
    await done(['label', 'configmap', 'c', 'x=y']);
    const labeled = JSON.parse((await valueAt(C)).toString()) as { metadata: { labels: unknown }; data: unknown };
    expect(labeled.metadata.labels).toEqual({ x: 'y' });
    expect(labeled.data).toEqual({ a: '1' });
    await done(['etcd', 'put', '/api/v1/namespaces/default/configmaps/c', '-', '--force'], { input: CONFIG_MAP });
    expect((await valueAt(C)).toString()).toBe(CONFIG_MAP);
    await done(['create', 'configmap', 'p']);
    await done(['patch', 'configmap', 'p', '-p', '{"data":{"b":"2"}}']);
    expect((await valueAt('configmaps/default/p')).toString('latin1', 0, 4)).toBe('k8s\0');
  });

  it.each([
    ['at the top', (text: string) => text.replace('"data"', '"future":{"deep":[1]},"data"')],
    ['in the metadata', (text: string) => text.replace('"uid"', '"future":"x","uid"')],
  ])('a JSON field that is not known %s survives, or the change is refused', async (_where, change) => {
    await plant(C, change(CONFIG_MAP));
    const { status } = await kubectl(['label', 'configmap', 'c', 'x=y']);
    const value = (await valueAt(C)).toString();
    expect(value).toContain('"future":');
    expect(value.includes('"x":"y"')).toBe(status === 0);
  });

  it('a kind that is not known is shown raw, and refused for writes', async () => {
    const envelope = Buffer.concat([
      Buffer.from('k8s\0\n\x13\n\x0aexample/v9\x12\x05Thing\x12\x03abc\x1a\x00"\x00', 'latin1'),
    ]);
    await plant(C, envelope);
    const shown = await done(['etcd', 'get', `${prefix}/${C}`]);
    expect(shown).toContain('no kind "Thing" is known in "example/v9"');
    expect(shown).toContain(envelope.toString('base64'));
    expect(await done(['etcd', 'get', `${prefix}/${C}`, '-o', 'hex'])).toBe(`${envelope.toString('hex')}\n`);
    for (const argv of [
      ['label', 'configmap', 'c', 'x=y'],
      ['get', 'configmap', 'c'],
      ['get', 'configmaps'],
    ]) {
      const { status, errors } = await kubectl(argv);
      expect(status).toBe(1);
      expect(errors).toContain(`${prefix}/${C}: no kind "Thing" is known in "example/v9"`);
    }
    const put = await kubectl(['etcd', 'put', `${prefix}/${C}`, '-', '--force', '--as=protobuf'], {
      input: 'apiVersion: example/v9\nkind: Thing\n',
    });
    expect(put.errors).toMatch(/the object cannot be encoded: no kind "Thing" is known/);
    expect((await valueAt(C)).equals(envelope)).toBe(true);
  });

  it('definitions and their custom resources are JSON, and stay so with all that is in them', async () => {
    await done(['create', '-f', '-'], {
      input: `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`,
    });
    const definition = await valueAt('apiextensions.k8s.io/customresourcedefinitions/widgets.example.com');
    expect(definition.toString()).toMatch(
      /^\{"kind":"CustomResourceDefinition","apiVersion":"apiextensions.k8s.io\/v1beta1"/,
    );
    await done(['create', '-f', '-'], {
      input: 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nany: {thing: [1, 2]}\n',
    });
    await done(['label', 'widgets.example.com', 'w', 'x=y']);
    const widget = await valueAt('example.com/widgets/default/w');
    expect(JSON.parse(widget.toString())).toMatchObject({ any: { thing: [1, 2] }, metadata: { labels: { x: 'y' } } });
    await done(['label', 'crd', 'widgets.example.com', 'x=y']);
    const labeled = await valueAt('apiextensions.k8s.io/customresourcedefinitions/widgets.example.com');
    expect(labeled.toString()).toContain('"labels":{"x":"y"}');
  });
});

describe('encryption at rest', () => {
  const configuration = (...keys: [string, number][]): string => {
    const file = path.join(folder, `encryption-${keys.map(([name]) => name).join('-')}.yaml`);
    const list = keys.map(([name, fill]) => `{name: ${name}, secret: ${Buffer.alloc(32, fill).toString('base64')}}`);
    fs.writeFileSync(
      file,
      `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers: [{secretbox: {keys: [${list.join(', ')}]}}, {identity: {}}]\n`,
    );
    return file;
  };
  const withKeys = (...keys: [string, number][]): Setting => ({
    env: { KUBE_LITE_ETCD_ENCRYPTION_CONFIG: configuration(...keys) },
  });
  const S = 'secrets/default/s';
  const etcdctl = (...argv: string[]): Buffer =>
    execFileSync('etcdctl', [`--endpoints=${etcd.endpoints.join(',')}`, ...argv]);

  it('secrets are written and read with the configuration, and named without it', async () => {
    await done(['create', 'secret', 'generic', 's', '--from-literal=password=hunter2'], withKeys(['key1', 1]));
    const stored = etcdctl('get', '--print-value-only', `${prefix}/${S}`);
    expect(stored.toString('latin1')).toMatch(/^k8s:enc:secretbox:v1:key1:/);
    expect(stored.includes('hunter2')).toBe(false);
    expect(await done(['get', 'secret', 's', '-o', 'jsonpath={.data.password}'], withKeys(['key1', 1]))).toBe(
      'aHVudGVyMg==',
    );
    const shown = await done([
      'etcd',
      'get',
      `${prefix}/${S}`,
      `--etcd-encryption-config=${configuration(['key1', 1])}`,
    ]);
    expect(shown).toMatch(/, encrypted by secretbox with the key "key1", protobuf\napiVersion: v1\n/);
    for (const argv of [
      ['get', 'secrets'],
      ['get', 'secret', 's'],
      ['label', 'secret', 's', 'x=y'],
    ]) {
      const { status, errors } = await kubectl(argv);
      expect(status).toBe(1);
      expect(errors).toContain(
        `${prefix}/${S}: the value is encrypted at rest by secretbox with the key "key1", and no key for it is configured`,
      );
    }
    expect(await done(['etcd', 'get', `${prefix}/${S}`])).toMatch(
      /bytes that cannot be read: the value is encrypted at rest by secretbox/,
    );
    const wrong = await kubectl(['get', 'secret', 's'], withKeys(['key1', 2]));
    expect(wrong.errors).toContain(`${prefix}/${S}: output array was not large enough for encryption`);
    const other = await kubectl(['get', 'secret', 's'], withKeys(['key2', 1]));
    expect(other.errors).toContain(`${prefix}/${S}: no matching key was found for the provided Secretbox transformer`);
  });

  it('a replace of what is there turns old keys and plain values into the new key', async () => {
    await done(['create', 'secret', 'generic', 's', '--from-literal=a=1']);
    expect((await valueAt(S)).toString('latin1', 0, 4)).toBe('k8s\0');
    const rotate = async (...keys: [string, number][]): Promise<string> => {
      const manifest = await done(['get', 'secret', 's', '-o', 'json'], withKeys(...keys));
      await done(['replace', '-f', '-'], { ...withKeys(...keys), input: manifest });
      return (await valueAt(S)).toString('latin1');
    };
    expect(await rotate(['key1', 1])).toMatch(/^k8s:enc:secretbox:v1:key1:/);
    expect(await rotate(['key2', 2], ['key1', 1])).toMatch(/^k8s:enc:secretbox:v1:key2:/);
  });

  it('put encrypts, and keeps the encoding below', async () => {
    const manifest = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default, uid: u}\ndata: {a: MQ==}\n';
    const api = '/api/v1/namespaces/default/secrets/s';
    await done(['etcd', 'put', api, '-'], { ...withKeys(['key1', 1]), input: manifest });
    expect((await valueAt(S)).toString('latin1')).toMatch(/^k8s:enc:secretbox:v1:key1:/);
    await done(['etcd', 'put', api, '-', '--force'], { ...withKeys(['key1', 1]), input: manifest });
    expect(await done(['get', 'secret', 's', '-o', 'jsonpath={.data.a}'], withKeys(['key1', 1]))).toBe('MQ==');
    const refused = await kubectl(['etcd', 'put', api, '-', '--force'], { input: manifest });
    expect(refused.errors).toMatch(/the value that is there cannot be read: .*give --as=raw/);
    // What undo keeps and brings back is as encrypted as it was stored.
    const stored = await valueAt(S);
    await done(['etcd', 'del', api]);
    await done(['etcd', 'undo', '--last=1']);
    expect((await valueAt(S)).equals(stored)).toBe(true);
    const kept = fs.readdirSync(path.join(folder, 'state'), { recursive: true, encoding: 'utf8' });
    for (const file of kept.filter((each) => each.endsWith('.jsonl'))) {
      expect(fs.readFileSync(path.join(folder, 'state', file), 'utf8')).not.toContain('MQ==');
    }
  });

  it('a configuration that cannot be used is said so, by its name', async () => {
    const missing = path.join(folder, 'absent.yaml');
    expect(await kubectl(['get', 'secrets', `--etcd-encryption-config=${missing}`])).toMatchObject({
      status: 1,
      errors: `error: error opening encryption provider configuration file "${missing}": open ${missing}: no such file or directory\n`,
    });
    const file = path.join(folder, 'wrong.yaml');
    fs.writeFileSync(file, '');
    expect((await kubectl(['get', 'secrets', `--etcd-encryption-config=${file}`])).errors).toBe(
      `error: encryption provider configuration file "${file}" is empty\n`,
    );
    fs.writeFileSync(file, 'apiVersion: v1\nkind: Secret\n');
    expect((await kubectl(['get', 'secrets', `--etcd-encryption-config=${file}`])).errors).toContain(
      `encryption provider configuration file "${file}": error while parsing file: no kind "Secret" is registered`,
    );
  });
});
