import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { credentials, type ServiceDefinition } from '@grpc/grpc-js';
import { build } from 'esbuild';
import { Host } from 'etcd3/lib/connection-pool.js';
import { describe, expect, it } from 'vitest';
import { asCommonJs } from '../../../.tools/as-common-js.mjs';
import { bundleOptions } from '../../../.tools/bundle-options.mjs';
import { etcd3Codecs } from '../../../.tools/etcd3-codecs.mjs';
import { startEtcd } from '../../peers/etcd-server.ts';

const SERVICES = ['KV', 'Watch', 'Lease', 'Cluster', 'Maintenance', 'Auth'] as const;

/** The definitions that etcd3 makes of its .proto files. */
function parsed(service: (typeof SERVICES)[number]): ServiceDefinition {
  const client = new Host('127.0.0.1:1', credentials.createInsecure()).getServiceClient(service);
  return (client.constructor as unknown as { service: ServiceDefinition }).service;
}

/** The definitions that the bundle has instead. */
function generated(): Record<string, ServiceDefinition> {
  const require = createRequire(createRequire(import.meta.url).resolve('@grpc/grpc-js'));
  const module: { exports: { loadSync(file: string): Record<string, ServiceDefinition> } } = {
    exports: { loadSync: () => ({}) },
  };
  // oxlint-disable-next-line typescript/no-implied-eval -- the generated text is what is tested
  new Function('require', 'exports', etcd3Codecs())(require, module.exports);
  return module.exports.loadSync('rpc.proto');
}

/** An object with every field set that a message names in its defaults, and what oneofs hide from them. */
function filled(value: unknown, depth = 0): unknown {
  if (Buffer.isBuffer(value)) return Buffer.from([0, 1, 0xfe, 0xff]);
  if (Array.isArray(value)) return value;
  if (typeof value === 'boolean') return true;
  if (typeof value === 'number') return 7;
  if (typeof value === 'string') return /^\d+$/.test(value) ? '9007199254740993' : value;
  if (value === null || typeof value !== 'object' || depth > 3) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each, depth + 1)]));
}

const KV = { key: Buffer.from('k'), create_revision: '9007199254740993', mod_revision: '2', version: '-1', lease: '3' };
const HEADER = { cluster_id: '18446744073709551615', member_id: '1', revision: '4', raft_term: '5' };
const RANGE = { key: Buffer.from('a'), range_end: Buffer.from([0]), limit: 5, sort_order: 'Descend', keys_only: true };
/** Nested messages that no default shows. */
const SAMPLES: Record<string, readonly object[]> = {
  'KV/Range': [RANGE, { header: HEADER, kvs: [KV, { ...KV, value: Buffer.from('v') }], more: true, count: '2' }],
  'KV/Txn': [
    {
      compare: [
        { key: Buffer.from('a'), target: 'Mod', result: 'NotEqual', mod_revision: 0 },
        {
          key: Buffer.from('b'),
          target: 'Lease',
          result: 'Less',
          lease: '-9223372036854775808',
          range_end: Buffer.from('c'),
        },
        { key: Buffer.from('c'), target: 'Value', value: Buffer.from('x') },
      ],
      success: [
        { request_put: { key: Buffer.from('a'), value: Buffer.alloc(0), lease: '7', prev_kv: true } },
        { request_txn: { failure: [{ request_range: RANGE }] } },
      ],
      failure: [{ request_delete_range: { key: Buffer.from('a'), prev_kv: true } }],
    },
    {
      header: HEADER,
      succeeded: true,
      responses: [
        { response_put: { header: HEADER, prev_kv: KV } },
        { response_delete_range: { deleted: '3', prev_kvs: [KV] } },
        { response_range: { kvs: [KV] } },
      ],
    },
  ],
  'Watch/Watch': [
    { create_request: { key: Buffer.from('a'), start_revision: '3', filters: ['Nodelete'], fragment: true } },
    { cancel_request: { watch_id: '4' } },
    { progress_request: {} },
    {
      header: HEADER,
      events: [{ type: 'Delete', kv: KV, prev_kv: KV }, { kv: KV }],
      compact_revision: '3',
      fragment: true,
    },
  ],
};

describe('the codecs generated for the bundle', () => {
  it.each(SERVICES)('%s has the methods that etcd3 has, which encode and decode the same', (service) => {
    const own = generated()[`etcdserverpb.${service}`]!;
    const theirs = parsed(service);
    expect(Object.keys(own)).toEqual(Object.keys(theirs));
    for (const [name, method] of Object.entries(own)) {
      const other = theirs[name]!;
      expect([method.path, method.requestStream, method.responseStream]).toEqual([
        other.path,
        other.requestStream,
        other.responseStream,
      ]);
      const samples = SAMPLES[`${service}/${name}`] ?? [];
      for (const side of ['request', 'response'] as const) {
        const empty = other[`${side}Deserialize`](Buffer.alloc(0));
        for (const sample of [{}, filled(empty), ...samples]) {
          const bytes = other[`${side}Serialize`](sample);
          expect(method[`${side}Serialize`](sample)).toEqual(bytes);
          expect(method[`${side}Deserialize`](bytes)).toEqual(other[`${side}Deserialize`](bytes));
        }
      }
    }
  });
});

describe('the bundle', () => {
  it('talks to etcd without node_modules, and loads gRPC only to do so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kube-lite-bundle-'));
    const server = await startEtcd();
    try {
      const entry = 'src/storage/etcd/open-etcd-storage.ts';
      const built = await build({ ...bundleOptions([entry], folder), metafile: true, write: false });
      const { metafile } = built;
      const outputs = Object.entries(metafile.outputs);
      const imports = outputs.flatMap(([, output]) => output.imports.filter((each) => each.external === true));
      expect(imports.map(({ path }) => path).filter((path) => /etcd3|grpc|protobufjs/.test(path))).toEqual([]);
      const holders = outputs.filter(([, { inputs }]) => Object.keys(inputs).some((path) => path.includes('/@grpc/')));
      expect(holders).toHaveLength(1);
      const entryOutput = outputs.find(([, output]) => output.entryPoint === entry);
      expect(
        entryOutput?.[1].imports
          .filter(({ kind }) => kind === 'import-statement')
          .every(({ path }) => path !== holders[0]?.[0]),
      ).toBe(true);
      const script = `
        const { openEtcdStorage } = require('./open-etcd-storage.cjs');
        (async () => {
        const storage = await openEtcdStorage({ endpoints: [process.argv[2]] });
        const key = Buffer.from('/bundle');
        const { revision } = await storage.txn({ compares: [], success: [{ type: 'put', key, value: Buffer.from('hello') }] });
        for await (const { events } of storage.watch({ key, startRevision: revision })) {
          if (events.length > 0) console.log(events[0].type, events[0].kv.value.toString(), events[0].kv.modRevision === revision);
          if (events.length > 0) break;
        }
        await storage.close();
        })();`;
      await mkdir(join(folder, 'chunks'));
      for (const file of built.outputFiles) await writeFile(file.path, await asCommonJs(file.text));
      await writeFile(join(folder, 'try.cjs'), script);
      const run = await promisify(execFile)(process.execPath, [join(folder, 'try.cjs'), server.endpoints[0]!]);
      expect(run).toEqual({ stdout: 'put hello true\n', stderr: '' });
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
