import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EtcdServer, startEtcd } from '../../peers/etcd-server.ts';
import { type Ran, run } from '../run-program.ts';

let etcd: EtcdServer;
beforeAll(async () => {
  etcd = await startEtcd();
});
afterAll(async () => {
  await etcd.stop();
});

const environment = (): Record<string, string> => ({ ETCDCTL_ENDPOINTS: etcd.endpoints.join(',') });

/** What the real etcdctl prints on standard output, byte for byte. */
function etcdctl(argv: readonly string[], input: string | Buffer = ''): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'etcdctl',
      [...argv],
      { env: { ...process.env, ...environment(), ETCDCTL_API: '3' }, encoding: 'buffer', timeout: 30_000 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`etcdctl ${argv.join(' ')}: ${stderr.toString()}`));
      },
    );
    // Most commands end without reading it.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** What kube-lite prints, with its output's bytes as characters. */
async function ours(
  argv: readonly string[],
  input: string | Buffer = '',
  env: Record<string, string> = {},
): Promise<Ran> {
  let bytes = Buffer.alloc(0);
  const ran = await run(['etcd', ...argv], {
    env: { ...environment(), ...env },
    input,
    onBytes: (printed) => (bytes = Buffer.from(printed)),
  });
  return { ...ran, output: bytes.toString('latin1') };
}

const FORMATS = ['simple', 'json', 'fields', 'protobuf'];

async function sameAnswer(argv: readonly string[], input: string | Buffer = ''): Promise<void> {
  const theirs = (await etcdctl(argv, input)).toString('latin1');
  const { status, errors, output } = await ours(argv, input);
  expect({ argv, status, errors, output }).toEqual({ argv, status: 0, errors: '', output: theirs });
}

/** A text that can be an argument: no zero byte, and no half of a pair. */
const argument = fc
  .string({
    unit: fc.constantFrom('a', 'b', '/', '"', '\\', '\n', '\t', 'é', '\u2028', '😀', ' ', '\x7f'),
    maxLength: 6,
  })
  .map((text) => `/gen/${text}`);
const value = fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => Buffer.from(bytes));

describe('etcd get, put, del and txn, beside etcdctl', () => {
  it('shows generated keys and values in the same bytes, whoever stored them', async () => {
    await fc.assert(
      fc.asyncProperty(argument, value, fc.boolean(), async (key, bytes, byUs) => {
        if (byUs) expect((await ours(['put', key, '--force'], bytes)).errors).toBe('');
        else await etcdctl(['put', key], bytes);
        const stored = JSON.parse((await etcdctl(['get', key, '-w', 'json'])).toString()) as {
          kvs: readonly { key: string; value: string }[];
        };
        expect(stored.kvs).toMatchObject([
          { key: Buffer.from(key).toString('base64'), value: bytes.toString('base64') },
        ]);
      }),
      { numRuns: 8 },
    );
    for (const format of FORMATS) await sameAnswer(['get', '/gen/', '--prefix', '-w', format]);
    await sameAnswer(['get', '/gen/', '--prefix', '--hex']);
    await sameAnswer(['get', '/gen/', '--prefix', '--print-value-only']);
  });

  it('selects as etcdctl does', async () => {
    for (const [key, text] of [
      ['/s/b', '3'],
      ['/s/a', '2'],
      ['/s/c', '1'],
      ['/s/a', '9'],
    ] as const) {
      await etcdctl(['put', key, text]);
    }
    const selections = [
      ['/s/a', '/s/c'],
      ['/s/b', '--from-key'],
      ['/s/', '--prefix', '--limit=2'],
      ['/s/', '--prefix', '--keys-only'],
      ['/s/', '--prefix', '--order=DESCEND'],
      ['/s/', '--prefix', '--sort-by=MODIFY', '--limit=2'],
      ['/s/', '--prefix', '--sort-by=VALUE', '--keys-only', '--order=DESCEND'],
      ['/s/', '--prefix', '--sort-by=VERSION', '--order=DESCEND', '--limit=1'],
      ['/s/', '--prefix', '--sort-by=CREATE'],
      ['/s/a', '--consistency=s'],
      ['/s/absent'],
    ];
    for (const [index, selection] of selections.entries()) {
      await sameAnswer(['get', ...selection, '-w', FORMATS[index % FORMATS.length] ?? '']);
    }
    await sameAnswer(['get', '/s/a', '--rev=3', '-w', 'json']);
    const asked = await ours(['get', '/s/', '--prefix', '--sort-by=VALUE', '--keys-only']);
    expect(asked.output).toBe('/s/c\n/s/b\n/s/a\n');
  });

  it('answers writes alike, but for the revision', async () => {
    const still = (text: string): string => text.replaceAll(/(evision"? ?: ?|TTL.|lease )\d+/g, '$1N');
    for (const format of ['simple', 'json', 'fields']) {
      const answers: string[] = [];
      const script = [
        ['put', '/w/a', 'new', '-w', format],
        ['put', '/w/a', 'over', '--prev-kv', '-w', format],
        ['put', '/w/a', '--ignore-value', '--prev-kv', '-w', format],
        ['put', '/w/a', 'kept lease', '--ignore-lease', '-w', format],
        ['put', '/w/b', 'x', '-w', format],
        ['del', '/w/a', '/w/aa', '--prev-kv', '-w', format],
        ['del', '/w/', '--prefix', '--prev-kv', '-w', format],
      ];
      for (const argv of script) {
        answers.push(still((await etcdctl(argv)).toString('latin1')));
      }
      for (const argv of script) {
        const force = argv[0] === 'put' && !argv.some((word) => word.startsWith('--ignore')) ? ['--force'] : [];
        const { status, errors, output } = await ours([...argv, ...force]);
        expect([argv.join(' '), status, errors, still(output)]).toEqual([argv.join(' '), 0, '', answers.shift()]);
      }
    }
    for (const format of FORMATS) await sameAnswer(['del', '/w/', '--prefix', '-w', format]);
  });

  it('shows a transaction in every form', async () => {
    const input = '\n\nget /s/ --prefix\nget /s/a --keys-only\nget /s/absent\n\n\n';
    for (const format of FORMATS) await sameAnswer(['txn', '-w', format], input);
    await sameAnswer(['txn', '--hex'], input);
  });

  it('shows changes in the same bytes, and runs a program for each', async () => {
    const from = Number(/"revision":(\d+)/.exec((await etcdctl(['get', 'x', '-w', 'json'])).toString())?.[1]) + 1;
    await etcdctl(['put', '/watch/a', 'one']);
    await etcdctl(['put', '/watch/a', '--', 'two "x"']);
    await etcdctl(['del', '/watch/a']);
    for (const format of FORMATS) {
      const argv = ['watch', '/watch/', '--prefix', '--prev-kv', `--rev=${from}`, '-w', format];
      const theirs = await watchedByEtcdctl(argv);
      expect([format, await watched(argv, theirs.length)]).toEqual([format, theirs.toString('latin1')]);
    }
    const program = [
      '--',
      'sh',
      '-c',
      'echo "$ETCD_WATCH_REVISION $ETCD_WATCH_EVENT_TYPE $ETCD_WATCH_KEY $ETCD_WATCH_VALUE"',
    ];
    const shown = [
      `${from} "PUT" "/watch/a" "one"`,
      `${from + 1} "PUT" "/watch/a" "two \\"x\\""`,
      `${from + 2} "DELETE" "/watch/a" ""`,
    ];
    const all = await watched(
      ['watch', '/watch/a', `--rev=${from}`, '-w', 'simple', ...program],
      undefined,
      '"DELETE"',
    );
    expect(all.split('\n').filter((line) => line.includes('" "/watch'))).toEqual(shown);
  });

  it('takes its global flags that change nothing here', async () => {
    await etcdctl(['put', '/flags', 'text']);
    const flags = ['--insecure-transport', '--insecure-discovery=false', '--debug=false', '--keepalive-time=3s'];
    await sameAnswer(['get', '/flags', '--keepalive-timeout=7s', '-w', 'json', ...flags]);
  });

  it('takes its variables, and --output before them', async () => {
    await etcdctl(['put', '/env', 'text']);
    const theirs = (await etcdctl(['get', '/env', '-w', 'json'])).toString();
    expect((await ours(['get', '/env'], '', { ETCDCTL_WRITE_OUT: 'json' })).output).toBe(theirs);
    expect((await ours(['get', '/env', '-o', 'raw'], '', { ETCDCTL_WRITE_OUT: 'json' })).output).toBe('text');
  });

  it.each([
    [['get', '/a', '-w', 'table'], 'table is not supported'],
    [['get', '/a', '-w', 'xml'], '--write-out must be one of fields, json, protobuf, simple, not "xml"'],
    [['get', '/a', '-w', 'json', '-o', 'yaml'], 'excludes --write-out'],
    [['get', '/a', '-w', 'json', '--print-value-only'], 'only for --write-out=simple'],
    [['get', '/a', '--order=UP'], '--order must be one of ASCEND, DESCEND, not "UP"'],
    [['get', '/a', '--consistency=x'], '--consistency must be l or s'],
    [['get', '/a', '/b', '--prefix'], 'RANGE-END cannot be used with --prefix'],
    [['get', '/a', '--prefix', '--from-key'], '--prefix and --from-key exclude each other'],
    [['put', '/none', '--ignore-value'], 'key "/none" not found'],
    [['put', '/none', 'x', '--ignore-value'], '--ignore-value keeps the value'],
    [['put', '/none', 'x', '--ignore-lease', '--lease=1f'], '--ignore-lease and --lease exclude each other'],
    [['put', '/none', 'x', '--lease=1f'], 'lease'],
    [['get', '/a', '--discovery-srv=example.org'], '--discovery-srv: endpoints are not discovered by DNS'],
    [['get', '/a', '--insecure-transport=false'], 'is no https endpoint'],
    [['get', '/a', '--keepalive-time=soon'], 'keepalive-time'],
    [['watch', '-i'], '--interactive is not offered'],
  ])('refuses %j and says why', async (argv, text) => {
    const { status, output, errors } = await ours(argv);
    expect(errors).toContain(text);
    expect({ status, output }).toEqual({ status: 1, output: '' });
  });
});

/** What etcdctl has printed once nothing more is to come: the deletion is the last. */
async function watchedByEtcdctl(argv: readonly string[]): Promise<Buffer> {
  const child = spawn('etcdctl', [...argv], { env: { ...process.env, ...environment(), ETCDCTL_API: '3' } });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  await once(child.stdout, 'data');
  // One answer has all of it; a second is enough for the pipe.
  await sleep(1000);
  child.kill();
  await once(child, 'close');
  return Buffer.concat(parts);
}

/** What kube-lite has printed when it is so many bytes, or has a text in it. */
async function watched(argv: readonly string[], length = Infinity, last?: string): Promise<string> {
  const stop = new AbortController();
  let printed = '';
  let bytes = Buffer.alloc(0);
  await run(['etcd', ...argv], {
    env: { ...environment(), PATH: process.env['PATH'] ?? '' },
    signal: stop.signal,
    onOutput(text) {
      printed += text;
      if (Buffer.byteLength(printed) >= length || (last !== undefined && printed.includes(last))) stop.abort();
    },
    onBytes: (all) => (bytes = Buffer.from(all)),
  });
  return bytes.toString('latin1');
}
