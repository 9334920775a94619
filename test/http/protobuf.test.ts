import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createApiHandler } from '../../src/apiserver/handler.ts';
import { decodeMessage } from '../../src/model/protobuf/decode-message.ts';
import { decodeProtobuf } from '../../src/model/protobuf/decode-object.ts';
import { decodeEnvelope } from '../../src/model/protobuf/envelope.ts';
import { encodeAnswer, encodeWatchFrame } from '../../src/model/protobuf/encode-answer.ts';
import { messagePlan } from '../../src/model/protobuf/message-plan.ts';
import { ProtobufReader } from '../../src/model/protobuf/protobuf-reader.ts';
import { typeByName } from '../../src/model/schema/schema.ts';
import { wireJsonText } from '../../src/model/wire-json.ts';
import { parseYaml } from '../../src/model/yaml.ts';
import { type ApiHarness, apiHarness, CONFIG_MAPS, configMap } from '../apiserver/api-harness.ts';
import { rawRequest, type RawAnswer } from './raw-request.ts';
import { type RunningServer, startStub } from './running-server.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const METADATA = ';as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(async ({ server }) => server.stop()));
});

async function start(): Promise<
  ApiHarness & { get(path: string, accept: string, bytes?: number): Promise<RawAnswer> }
> {
  const api = apiHarness();
  const stub = await startStub(api.handler);
  running.push(stub);
  const get = async (path: string, accept: string, bytes?: number): Promise<RawAnswer> =>
    rawRequest(stub, path, { headers: { accept }, ...(bytes === undefined ? {} : { bytes }) });
  return Object.assign(api, { get });
}

/** Protobuf as the JSON that it stands for. */
function asJson(bytes: Buffer): Record<string, unknown> {
  return JSON.parse(wireJsonText(decodeProtobuf(bytes).object)) as Record<string, unknown>;
}

function asMetadata(bytes: Buffer, name: string): { kind: string; apiVersion: string; fields: unknown } {
  const { kind, apiVersion, raw } = decodeEnvelope(bytes);
  const type = typeByName(`meta.v1.${name}`);
  if (type === undefined) throw new Error(`no type ${name}`);
  return { kind, apiVersion, fields: decodeMessage(new ProtobufReader(raw), messagePlan(type)) };
}

interface Recorded {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespaced: boolean;
  readonly key: string;
  readonly value: string;
  readonly object: { metadata: { name: string; namespace?: string } };
}

const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/reference/stored-objects.json', import.meta.url), 'utf8'),
) as Recorded[];

function collectionOf({ group, version, resource, namespaced, object }: Recorded): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespaced ? `/namespaces/${object.metadata.namespace}` : ''}/${resource}`;
}

describe('answers in protobuf', () => {
  it('say of every kind, alone and in a list, what JSON says', async () => {
    const api = await start();
    await api.memory.txn({
      compares: [],
      success: recorded.map(({ key, value }) => ({
        type: 'put',
        key: Buffer.from(key),
        value: Buffer.from(value, 'base64'),
      })),
    });
    for (const each of recorded) {
      const list = collectionOf(each);
      for (const path of [`${list}/${each.object.metadata.name}`, list]) {
        const [json, protobuf] = [await api.get(path, 'application/json'), await api.get(path, PROTOBUF)];
        expect([json.status, protobuf.status], path).toEqual([200, 200]);
        expect(protobuf.headers['content-type']).toBe(PROTOBUF);
        expect(asJson(protobuf.bytes), path).toEqual(json.json());
      }
    }
  });

  it('are what stands in the store, where that is the version that is asked for', async () => {
    const api = await start();
    const each = recorded.find(({ resource }) => resource === 'secrets');
    if (each === undefined) throw new Error('no Secret was recorded');
    const value = Buffer.from(each.value, 'base64');
    await api.memory.txn({ compares: [], success: [{ type: 'put', key: Buffer.from(each.key), value }] });
    const { bytes } = await api.get(`${collectionOf(each)}/${each.object.metadata.name}`, PROTOBUF);
    const [stored, answered] = [decodeProtobuf(value).object, decodeProtobuf(bytes).object];
    expect(answered.metadata.resourceVersion).toMatch(/^\d+$/);
    delete answered.metadata.resourceVersion;
    expect(encodeAnswer(answered).equals(encodeAnswer(stored))).toBe(true);
  });

  it('tell failures and deletions as a Status', async () => {
    const api = await start();
    const { status, headers, bytes } = await api.get(`${CONFIG_MAPS}/none`, PROTOBUF);
    expect([status, headers['content-type']]).toEqual([404, PROTOBUF]);
    expect(asJson(bytes)).toMatchObject({
      kind: 'Status',
      apiVersion: 'v1',
      reason: 'NotFound',
      message: 'configmaps "none" not found',
      details: { name: 'none', kind: 'configmaps' },
      code: 404,
    });
    // runtime.Unknown { typeMeta { v1, Status }, raw { metadata {}, status, message, reason, details, code } }.
    const short = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 200 };
    const hex = [
      '6b387300', // k8s\0
      '0a0c0a0276311206537461747573', // typeMeta: v1, Status
      '1218', // raw, 24 bytes
      '0a060a0012001a00', // metadata: ListMeta always writes its three texts
      '120753756363657373', // status: Success
      '1a002200', // message and reason
      '30c801', // code: 200
      '1a002200', // contentEncoding and contentType
    ];
    expect(encodeAnswer(short).toString('hex')).toBe(hex.join(''));
  });

  it('give metadata alone, also of custom resources, and tables only in JSON', async () => {
    const api = await start();
    await api.send('POST', CONFIG_MAPS, configMap('a', { key: 'value' }));
    const listed = await api.get(CONFIG_MAPS, `${PROTOBUF}${METADATA}`);
    const { kind, apiVersion, fields } = asMetadata(listed.bytes, 'PartialObjectMetadataList');
    expect({ kind, apiVersion }).toEqual({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
    expect(fields).toMatchObject({ items: [{ metadata: { name: 'a' } }] });
    const table = await api.get(CONFIG_MAPS, `${PROTOBUF};as=Table;v=v1;g=meta.k8s.io,${TABLE}`);
    expect(table.json()).toMatchObject({ kind: 'Table' });
  });

  it('stream events in frames with their length before them', async () => {
    const api = await start();
    await api.send('POST', CONFIG_MAPS, configMap('a', { key: 'ü' }));
    const { headers, bytes } = await api.get(`${CONFIG_MAPS}?watch=1`, `${PROTOBUF};stream=watch`, 5);
    expect(headers['content-type']).toBe(`${PROTOBUF};stream=watch`);
    const length = bytes.readUInt32BE(0);
    const reader = new ProtobufReader(bytes.subarray(4, 4 + length));
    expect(reader.tag()).toBe(10);
    expect(reader.string()).toBe('ADDED');
    expect(reader.tag()).toBe(18);
    reader.enter();
    expect(reader.tag()).toBe(10);
    expect(asJson(Buffer.from(reader.slice()))).toMatchObject({ kind: 'ConfigMap', data: { key: 'ü' } });
    expect(reader.more).toBe(false);
    const error = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 410 };
    expect(encodeWatchFrame({ type: 'ERROR', object: error }).readUInt32BE(0)).toBe(
      encodeAnswer(error).length + 'ERROR'.length + 6,
    );
  });

  it('describe what there is', async () => {
    const api = await start();
    const groups = await api.get('/apis', PROTOBUF);
    expect(asMetadata(groups.bytes, 'APIGroupList').fields).toEqual(
      expect.objectContaining({ groups: expect.arrayContaining([expect.objectContaining({ name: 'apps' })]) }),
    );
    expect((await api.get('/version', PROTOBUF)).json()).toHaveProperty('gitVersion');
  });
});

describe('the Accept header', () => {
  it.each([
    [PROTOBUF, PROTOBUF],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    [`${PROTOBUF},application/json`, PROTOBUF],
    [`application/json,${PROTOBUF}`, 'application/json'],
    [`application/json;q=0.5,${PROTOBUF};q=0.9`, PROTOBUF],
    [`*/*,${PROTOBUF}`, PROTOBUF],
    [`text/html,${PROTOBUF};q=0.1`, PROTOBUF],
    ['application/yaml', 'application/yaml'],
    ['application/json;as=Table;v=v2;g=meta.k8s.io,application/json', 'application/json'],
  ])('%j is answered in %s', async (accept, type) => {
    const api = await start();
    await api.send('POST', CONFIG_MAPS, configMap('a'));
    const { status, headers } = await api.get(`${CONFIG_MAPS}/a`, accept);
    expect([status, headers['content-type']]).toEqual([200, type]);
  });

  it.each(['text/html', 'application/json;q=0', 'application/json;as=Table;v=v2;g=meta.k8s.io'])(
    '%j is not acceptable',
    async (accept) => {
      const api = await start();
      const { status, headers, bytes } = await api.get(CONFIG_MAPS, accept);
      expect([status, headers['content-type']]).toEqual([406, 'application/json']);
      expect(JSON.parse(bytes.toString())).toMatchObject({
        reason: 'NotAcceptable',
        message:
          'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
      });
    },
  );

  it('may ask for YAML, of anything but a watch', async () => {
    const api = await start();
    await api.send('POST', CONFIG_MAPS, configMap('a', { key: 'value' }));
    const { bytes } = await api.get(`${CONFIG_MAPS}/a`, 'application/yaml');
    expect(parseYaml(bytes.toString())).toMatchObject({ kind: 'ConfigMap', data: { key: 'value' } });
    const watch = await api.get(`${CONFIG_MAPS}?watch=1`, 'application/yaml');
    expect(parseYaml(watch.bytes.toString())).toMatchObject({
      code: 406,
      message:
        'only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
    });
  });

  it('does not get custom resources in protobuf', async () => {
    const api = await start();
    const names = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' };
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    await api.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names,
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    });
    const widgets = '/apis/example.com/v1/namespaces/default/widgets';
    await api.send('POST', widgets, { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } });
    expect((await api.get(widgets, PROTOBUF)).status).toBe(406);
    const both = await api.get(`${widgets}/w`, `${PROTOBUF},application/json`);
    expect(both.json()).toMatchObject({ kind: 'Widget' });
    const metadata = await api.get(widgets, `${PROTOBUF}${METADATA}`);
    expect(asMetadata(metadata.bytes, 'PartialObjectMetadataList').fields).toMatchObject({
      items: [{ metadata: { name: 'w' } }],
    });
    const missing = await api.get(`${widgets}/none`, PROTOBUF);
    expect(missing.status).toBe(406);
  });
});

describe('requests in protobuf', () => {
  it('create, and delete with options', async () => {
    const api = apiHarness();
    const stub = await startStub(createApiHandler({ storage: api.storage }));
    running.push(stub);
    const headers = { 'content-type': PROTOBUF, accept: PROTOBUF };
    const body = encodeAnswer(configMap('a', { key: 'value' }));
    const made = await rawRequest(stub, CONFIG_MAPS, { method: 'POST', headers, body });
    expect(made.status).toBe(201);
    expect(asJson(made.bytes)).toMatchObject({ data: { key: 'value' } });
    for (const apiVersion of ['v1', 'meta.k8s.io/v1', 'apps/v1']) {
      const options = encodeAnswer({ kind: 'DeleteOptions', apiVersion, dryRun: ['All'] });
      const gone = await rawRequest(stub, `${CONFIG_MAPS}/a`, { method: 'DELETE', headers, body: options });
      expect([gone.status, asJson(gone.bytes)]).toMatchObject([200, { kind: 'Status', status: 'Success' }]);
    }
    const patch = await rawRequest(stub, `${CONFIG_MAPS}/a`, { method: 'PATCH', headers, body });
    expect(patch.status).toBe(415);
  });

  it('are none for objects of custom resources, but may be for the options of their deletion', async () => {
    await start();
    const stub = running.at(-1);
    if (stub === undefined) throw new Error('no server');
    const widgets = '/apis/example.com/v1/namespaces/default/widgets';
    const headers = { 'content-type': PROTOBUF };
    const body = encodeAnswer({ kind: 'DeleteOptions', apiVersion: 'v1' });
    for (const [method, path] of [
      ['POST', widgets],
      ['PUT', `${widgets}/w`],
    ] as const) {
      expect((await rawRequest(stub, path, { method, headers, body })).json()).toMatchObject({
        code: 415,
        reason: 'UnsupportedMediaType',
        message:
          'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
      });
    }
    expect((await rawRequest(stub, `${widgets}/w`, { method: 'DELETE', headers, body })).status).toBe(404);
  });
});
