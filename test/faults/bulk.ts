import { setMaxListeners } from 'node:events';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { prefixRange } from '../../src/storage/key-range.ts';
import { openEtcdStorage } from '../../src/storage/etcd/open-etcd-storage.ts';
import type { KeyValue } from '../../src/storage/storage.ts';
import { type Ran, run } from '../commands/run-program.ts';
import type { Figures } from './figures.ts';

/** ConfigMaps `c-0` to `c-COUNT` as manifests. */
export function manifests(count: number, value: string): string {
  return Array.from(
    { length: count },
    (_, index) =>
      `${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c-${index}` }, data: { value } })}\n`,
  ).join('---\n');
}

/** All that a `get -w` tells. */
export interface Watched {
  /** `ADDED c-1 VERSION` and so on, in the order in which they came. */
  readonly events: readonly string[];
  /** The longest time, in milliseconds, that nothing came after `from` (of performance.now()), up to the last event. */
  longestGap(from: number): number;
  /** Waits until so many events came; rejects when the command ends before, or after a minute. */
  until(count: number): Promise<void>;
  stop(): Promise<Ran>;
}

/** Runs `get configmaps --watch` until it is stopped. */
export function startWatching(env: Readonly<Record<string, string>>, args: readonly string[] = []): Watched {
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  const events: string[] = [];
  const times: number[] = [];
  let rest = '';
  let ended: Ran | undefined;
  const watching = run(['get', 'configmaps', '--watch', '--output-watch-events', '-o=json', ...args], {
    env,
    signal: abort.signal,
    onOutput(text) {
      const documents = (rest + text).split('\n');
      rest = documents.pop() ?? '';
      for (const document of documents) {
        events.push(eventText(document));
        times.push(performance.now());
      }
    },
  }).then((ran) => {
    ended = ran;
    return ran;
  });
  return {
    events,
    longestGap(from) {
      const after = [from, ...times.filter((time) => time > from)];
      return Math.max(0, ...after.slice(1).map((time, index) => time - (after[index] ?? time)));
    },
    async until(count) {
      for (const deadline = Date.now() + 60_000; events.length < count;) {
        if (ended !== undefined) throw new Error(`the watch ended: ${JSON.stringify(ended.errors)}`);
        if (Date.now() > deadline) throw new Error(`${events.length} of ${count} events came`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async stop() {
      abort.abort(new Error('stopped'));
      return watching;
    },
  };
}

function eventText(document: string): string {
  const { type, object } = JSON.parse(document) as { type: string; object: KubeObject };
  return `${type} ${object.metadata.name} ${object.metadata.resourceVersion}`;
}

/** The keys below a prefix, as another client finds them. */
export async function stored(endpoints: readonly string[], prefix: string): Promise<KeyValue[]> {
  const storage = await openEtcdStorage({ endpoints });
  try {
    return (await storage.range(prefixRange(Buffer.from(`${prefix}/configmaps/`)))).kvs;
  } finally {
    await storage.close();
  }
}

/** Counts what was acknowledged and is not there, and what was written more than once. */
export function compareStored(
  { kvs, version, lines }: { kvs: readonly KeyValue[]; version: number; lines: readonly string[] },
  figures: Figures,
): void {
  const versions = new Map(kvs.map((kv) => [kv.key.toString().split('/').at(-1), kv.version]));
  for (const line of lines) {
    const name = /^configmap\/(\S+) /.exec(line)?.[1];
    const found = versions.get(name) ?? 0;
    if (found < version) figures.lost(line);
    else if (found > version) figures.doubled(`${line}: version ${found}`);
    else figures.count('acknowledged');
  }
}

/** Counts events that a watch missed or told twice: it must have told one event of each object, in order. */
export function compareWatched(
  { events, type, count }: { events: readonly string[]; type: string; count: number },
  figures: Figures,
): void {
  const seen = new Map<string, number>();
  let last = 0;
  for (const event of events) {
    const [kind = '', name = '', version] = event.split(' ');
    if (kind !== type) continue;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    if (Number(version) <= last) figures.doubled(`out of order: ${event}`);
    last = Number(version);
  }
  for (let index = 0; index < count; index++) {
    const times = seen.get(`c-${index}`) ?? 0;
    if (times === 0) figures.lost(`${type} event of c-${index}`);
    if (times > 1) figures.doubled(`${type} event of c-${index}`);
  }
  figures.count('events', events.length);
}
