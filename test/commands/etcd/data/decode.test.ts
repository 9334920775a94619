import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findValues } from '../../../../src/etcd/decode/find-values.ts';
import { encodeObject } from '../../../../src/model/protobuf/encode-object.ts';
import { type EtcdServer, startEtcd } from '../../../peers/etcd-server.ts';
import { type Ran, run } from '../../run-program.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-decode-'));
const exec = promisify(execFile);
let server: EtcdServer;
beforeAll(async () => {
  server = await startEtcd();
});
afterAll(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const OBJECT = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' }, data: { k: 'v' } };
const YAML = 'apiVersion: v1\ndata:\n  k: v\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: default\n';
const BYTES = encodeObject(OBJECT);

const decode = async (input: string | Buffer, ...args: string[]): Promise<Ran> =>
  run(['etcd', 'decode', ...args, `--data-dir=${path.join(folder, 'store')}`], { input });
const file = (name: string, content: string | Buffer): string => {
  const at = path.join(folder, name);
  fs.writeFileSync(at, content);
  return at;
};
/** What the real etcdctl prints, byte for byte. */
async function etcdctl(...args: string[]): Promise<Buffer> {
  const { stdout } = await exec('etcdctl', [`--endpoints=${server.endpoints[0]}`, ...args], {
    env: { ...process.env, ETCDCTL_API: '3' },
    encoding: 'buffer',
  });
  return stdout;
}

describe('etcd decode', () => {
  const hex = BYTES.toString('hex');
  it.each<[string, string | Buffer, string[]]>([
    ['protobuf', BYTES, []],
    ['protobuf with a line feed behind', Buffer.concat([BYTES, Buffer.from('\n')]), []],
    [
      'what etcdctl prints',
      Buffer.concat([Buffer.from('/registry/configmaps/default/a\n'), BYTES, Buffer.from('\n')]),
      [],
    ],
    ['hex', hex, []],
    ['hex of several lines', hex.replaceAll(/(.{60})/g, '$1\n'), []],
    ['hex with backslashes', hex.replaceAll(/(..)/g, String.raw`\x$1`), []],
    ['upper hex, named', hex.toUpperCase(), ['--input=hex']],
    ['base64', BYTES.toString('base64'), []],
    ['base64 of several lines', `${BYTES.toString('base64').replaceAll(/(.{20})/g, '$1\n')}\n`, []],
    ['JSON', JSON.stringify(OBJECT), []],
    ['JSON as hex', Buffer.from(JSON.stringify(OBJECT)).toString('hex'), []],
    [
      'a range as JSON',
      JSON.stringify({ kvs: [{ key: Buffer.from('/a').toString('base64'), value: BYTES.toString('base64') }] }),
      [],
    ],
  ])('reads %s from standard input and from a file', async (name, input, args) => {
    expect(await decode(input, ...args)).toEqual({ status: 0, output: YAML, errors: '' });
    expect(await decode('', file(name.replaceAll(' ', '-'), input), ...args)).toEqual({
      status: 0,
      output: YAML,
      errors: '',
    });
    expect(JSON.parse((await decode(input, '-', '-o', 'json', ...args)).output)).toEqual(OBJECT);
  });

  it('reads what the real etcdctl prints of one key and of many', async () => {
    const place = `--etcd-endpoints=${server.endpoints.join(',')}`;
    await run(['create', 'configmap', 'one', '--from-literal=a=b', place]);
    await run(['create', 'configmap', 'two', '--from-literal=a=b', place]);
    const direct = await run(['etcd', 'decode', '/registry/configmaps/default/one', place]);
    expect(direct.output).toMatch(/^apiVersion: v1\ndata:\n {2}a: b\nkind: ConfigMap\n/);
    expect((await run(['etcd', 'decode', '/api/v1/namespaces/default/configmaps/one', place])).output).toBe(
      direct.output,
    );
    const key = '/registry/configmaps/default/one';
    expect((await decode(await etcdctl('get', key))).output).toBe(direct.output);
    expect((await decode(await etcdctl('get', key, '--print-value-only'))).output).toBe(direct.output);
    expect((await decode(await etcdctl('get', key, '-w', 'json'))).output).toBe(direct.output);
    const many = await decode(await etcdctl('get', '--prefix', '/registry/configmaps/default/', '-w', 'json'));
    expect(many.output.match(/^ {2}name: \w+$/gm)).toEqual(['  name: one', '  name: two']);
    expect(many.output).toContain('\n---\napiVersion: v1\n');
  });

  it('reads encrypted values with their configuration and key, and says what is missing without', async () => {
    const secret = Buffer.alloc(32, 3).toString('base64');
    const config = file(
      'encryption.yaml',
      `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers:\n  - aesgcm: {keys: [{name: k, secret: ${secret}}]}\n  - identity: {}\n`,
    );
    const sealed = `--etcd-encryption-config=${config}`;
    const place = `--etcd-endpoints=${server.endpoints.join(',')}`;
    expect(await run(['create', 'secret', 'generic', 's', '--from-literal=a=b', place, sealed])).toMatchObject({
      status: 0,
    });
    const key = '/registry/secrets/default/s';
    const { output } = await run(['etcd', 'decode', key, place, sealed]);
    expect(output).toContain('\n  a: Yg==\n');
    const printed = await etcdctl('get', key);
    expect((await decode(printed, sealed)).output).toBe(output);
    const bare = printed.subarray(key.length + 1, -1);
    expect((await decode(bare, `--stored-at=${key}`, sealed)).output).toBe(output);
    const alone = await etcdctl('get', key, '--print-value-only');
    expect((await decode(alone, `--stored-at=${key}`, sealed)).output).toBe(output);
    const wrong = await decode(bare, sealed);
    expect(wrong).toMatchObject({ status: 1, output: '' });
    expect(wrong.errors).toMatch(/^error: standard input: .*; --stored-at names the key that it was stored under\n$/);
    const closed = await decode(printed);
    expect(closed).toMatchObject({ status: 1, output: '' });
    expect(closed.errors).toContain('encrypted at rest by aesgcm with the key "k", and no key for it is configured');
  });

  it.each<[string, string | Buffer, string]>([
    ['text', 'hello\n', 'it is 6 bytes of text, which begins with "hello\\n"'],
    ['JSON of something else', '{"a": 1}', 'it is 8 bytes of text (JSON without apiVersion and kind)'],
    ['damaged JSON', '{"apiVersion": "v1", ', 'bytes of text (JSON that is damaged: '],
    ['nothing', '', 'there are no bytes'],
    ['bytes', Buffer.from([0xff, 0, 1, 2]), 'it is 4 bytes, which begin with ff000102 (hexadecimal)'],
    ['gzip', gzipSync('x'), 'it is a gzip file: decompress it first'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\n', 'it is a PEM file'],
    ['cut protobuf', BYTES.subarray(0, 30), 'the value looks like a Kubernetes object and cannot be read: '],
  ])('says what bytes are that are no object: %s', async (_what, input, message) => {
    const { status, output, errors } = await decode(input);
    expect({ status, output }).toEqual({ status: 1, output: '' });
    expect(errors).toContain(message);
    expect(errors).toMatch(/^error: standard input: /);
  });

  it('says that a database is one', async () => {
    const snapshot = path.join(folder, 'snapshot.db');
    await run(['etcd', 'snapshot', 'save', snapshot, `--etcd-endpoints=${server.endpoints.join(',')}`]);
    expect((await decode('', snapshot)).errors).toContain(
      'it is an etcd database or snapshot: read it with --etcd-snapshot=FILE',
    );
  });

  it.each([
    [['/nonexistent/file'], 'cannot read "/nonexistent/file": there is no such file'],
    [['/'], 'cannot read "/": it is a folder'],
    [['/registry/configmaps/default/none'], 'key "/registry/configmaps/default/none" not found'],
    [['/api/v1/configmaps'], '"/api/v1/configmaps" names many keys; see "etcd get --prefix"'],
    [['--input=octal'], '--input must be one of auto, raw, hex, base64, not "octal"'],
    [['--input=hex'], 'standard input: the input is no hex'],
    [['--input=base64'], 'standard input: the input is no base64'],
    [['-o', 'xml'], '--output must be yaml or json, not "xml"'],
    [['a', 'b'], 'at most one FILE or KEY is allowed, got 2'],
  ])('refuses %j', async (args, message) => {
    const { status, output, errors } = await decode('no such thing!', ...args);
    expect({ status, output }).toEqual({ status: 1, output: '' });
    expect(errors).toContain(message);
  });

  it('finds the same value in every form of it, and never fails on what is none', () => {
    const text = fc.string({ minLength: 1, unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(text, (word) => {
        const bytes = encodeObject({ ...OBJECT, data: { k: word } });
        const forms = [
          bytes,
          Buffer.concat([bytes, Buffer.from('\n')]),
          Buffer.from(bytes.toString('hex')),
          Buffer.from(bytes.toString('base64')),
        ];
        for (const form of forms) expect(findValues(form, 'auto')).toEqual([{ value: bytes }]);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => findValues(Buffer.from(bytes), 'auto').length >= 0),
    );
  });
});
