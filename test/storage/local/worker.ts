/** What the multi-process tests let other processes do. Each line on standard output is one JSON value. */
import { loadEngine } from '../../../src/storage/local/sqlite.ts';
import { StorageError } from '../../../src/storage/storage-error.ts';
import { openLocalStorage } from '../../../src/storage/local/open-local-storage.ts';

const [task = '', folder = '', ...rest] = process.argv.slice(2);

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

async function create(name = ''): Promise<void> {
  const storage = await openLocalStorage(folder);
  const result = await storage.txn({
    compares: [{ key: Buffer.from(name), target: 'version', result: '=', operand: 0 }],
    success: [{ type: 'put', key: Buffer.from(name), value: Buffer.from(name) }],
  });
  say({ succeeded: result.succeeded, revision: result.revision });
}

/** Writes one key and leaves as a command does, without closing the store: its write-ahead log stays. */
async function createAndExit(name = ''): Promise<void> {
  await create(name);
  process.exit(0);
}

/** Reads and tries to write without the rights of root, and says what came of it. */
async function readAsOther(): Promise<void> {
  // Before the rights are gone: the engine's files may be where others cannot read.
  await loadEngine();
  if (process.getuid?.() === 0) process.setuid?.(65_534);
  const storage = await openLocalStorage(folder);
  const key = Buffer.from('/');
  const { kvs } = await storage.range({ key, rangeEnd: Buffer.of(0) });
  const writing = storage.txn({ compares: [], success: [{ type: 'put', key, value: key }] });
  const outcome = await writing.then(
    () => 'written',
    (error: unknown) => (error instanceof StorageError ? error.code : String(error)),
  );
  say([kvs.map((kv) => kv.value.toString()), outcome]);
}

/** Folds the write-ahead log into the database, so that nothing is left in it. */
async function checkpoint(): Promise<void> {
  const engine = await loadEngine();
  const db = engine.open(`${folder}/kl.db`, { timeout: 5000 });
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  process.exit(0);
}

/** Adds one to a counter again and again, and says at which revision each addition was made. */
async function increment(rounds = '', counters = ''): Promise<void> {
  const storage = await openLocalStorage(folder);
  for (let round = 0; round < Number(rounds); round++) {
    const key = Buffer.from(`counter${Math.floor(Math.random() * Number(counters))}`);
    for (;;) {
      const current = (await storage.range({ key })).kvs[0];
      const value = Buffer.from(`${Number(current?.value.toString() ?? 0) + 1}`);
      const result = await storage.txn({
        compares: [{ key, target: 'mod', result: '=', operand: current?.modRevision ?? 0 }],
        success: [{ type: 'put', key, value }],
      });
      if (result.succeeded) {
        say(result.revision);
        break;
      }
    }
  }
}

/** Writes keys until it is killed, and names each one that was acknowledged. */
async function writeForever(name = ''): Promise<void> {
  const storage = await openLocalStorage(folder);
  for (let index = 0; ; index++) {
    const key = `${name}/${index}`;
    const { revision } = await storage.txn({
      compares: [],
      success: [{ type: 'put', key: Buffer.from(key), value: Buffer.alloc(500, key) }],
    });
    say([key, revision]);
  }
}

/** Opens the store, reads and goes, again and again, as one command after the other would. */
async function openStorm(milliseconds = ''): Promise<void> {
  const end = performance.now() + Number(milliseconds);
  let opened = 0;
  let last = 0;
  while (performance.now() < end) {
    const storage = await openLocalStorage(folder);
    const { revision } = await storage.status();
    if (revision < last) throw new Error(`the revision went back from ${last} to ${revision}`);
    last = revision;
    await storage.close();
    opened += 1;
  }
  say(opened);
}

/** Takes the write lock and keeps it until it is killed. */
async function holdLock(): Promise<void> {
  const engine = await loadEngine();
  const db = engine.open(`${folder}/kl.db`, { timeout: 5000 });
  db.exec('BEGIN IMMEDIATE');
  db.exec("INSERT INTO meta(name,n) VALUES('never',1)");
  say('locked');
  setInterval(() => db, 1000);
}

const tasks: Record<string, (...parameters: string[]) => Promise<void>> = {
  create,
  createAndExit,
  checkpoint,
  readAsOther,
  increment,
  writeForever,
  openStorm,
  holdLock,
};
await tasks[task]?.(...rest);
