/** One client of a store whose history is checked. Says each call before it is made and after it was answered, as JSON lines. */
import { openEtcdStorage } from '../../../src/storage/etcd/open-etcd-storage.ts';
import { openLocalStorage } from '../../../src/storage/local/open-local-storage.ts';
import { StorageError } from '../../../src/storage/storage-error.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { seededRandom } from '../seeded-random.ts';
import type { ClientOrder, ClientLine } from './client-lines.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as ClientOrder;
const random = seededRandom(order.name);
const range = { key: Buffer.from('/h/'), rangeEnd: Buffer.from('/h0') };
const now = (): number => Number(process.hrtime.bigint()) / 1e6;
const say = (line: ClientLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** Where a call that only reads fails because of a fault, it is as if it had not been made. */
const PASSING = new Set(['Unavailable', 'DeadlineExceeded', 'Locked']);
const UNKNOWN = new Set(['OutcomeUnknown', 'DeadlineExceeded']);

async function read(storage: Storage, id: number, key: string): Promise<number> {
  say({ say: 'invoke', id, at: now(), key, type: 'get' });
  const [kv] = (await storage.range({ key: Buffer.from(key) })).kvs;
  say({ say: 'got', id, at: now(), value: kv?.value.toString(), mod: kv?.modRevision ?? 0 });
  return kv?.modRevision ?? 0;
}

async function change(
  storage: Storage,
  id: number,
  { key, expected }: { key: string; expected: number },
): Promise<void> {
  const value = `${order.name}-${id}`;
  const type = expected > 0 && random.below(5) === 0 ? 'delete' : 'put';
  say({ say: 'invoke', id, at: now(), key, type, expected, value });
  try {
    const bytes = Buffer.from(key);
    const { succeeded, revision } = await storage.txn({
      compares: [{ key: bytes, target: 'mod', result: '=', operand: expected }],
      success: [type === 'delete' ? { type, key: bytes } : { type, key: bytes, value: Buffer.from(value) }],
    });
    say({
      say: 'wrote',
      id,
      at: now(),
      outcome: succeeded ? 'done' : 'refused',
      ...(succeeded ? { mod: revision } : {}),
    });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (UNKNOWN.has(error.code)) say({ say: 'wrote', id, at: now(), outcome: 'unknown' });
    else if (PASSING.has(error.code)) say({ say: 'nothing', id });
    else throw error;
  }
}

async function list(storage: Storage, id: number): Promise<void> {
  say({ say: 'invoke', id, at: now(), key: '', type: 'list' });
  const { kvs, revision } = await storage.range(range);
  const found = kvs.map((kv): [string, string, number] => [kv.key.toString(), kv.value.toString(), kv.modRevision]);
  say({ say: 'listed', id, at: now(), revision, kvs: found });
}

async function act(storage: Storage): Promise<void> {
  for (let id = 0; id < order.calls; id += 2) {
    const key = `/h/key${random.below(order.keys)}`;
    try {
      if (random.below(6) === 0) await list(storage, id);
      else await change(storage, id + 1, { key, expected: await read(storage, id, key) });
    } catch (error) {
      if (!(error instanceof StorageError && PASSING.has(error.code))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Tells every change from the beginning on, until it has told one of the key `/h/end`. */
async function watch(storage: Storage): Promise<void> {
  for await (const batch of storage.watch({ ...range, startRevision: 2 })) {
    for (const { type, kv } of batch.events) {
      const key = kv.key.toString();
      say({ say: 'event', type, key, value: kv.value.toString(), mod: kv.modRevision, version: kv.version });
      if (key === '/h/end') return;
    }
    if (batch.events.length === 0) say({ say: 'ready' });
  }
}

const storage =
  order.folder === undefined
    ? await openEtcdStorage({ endpoints: order.endpoints ?? [], requestTimeoutMs: 5000 })
    : await openLocalStorage(order.folder);
await (order.calls > 0 ? act(storage) : watch(storage));
process.exit(0);
