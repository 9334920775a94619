import { isJsonObject } from '../../model/json-value.ts';
import { prefixRange } from '../../storage/key-range.ts';
import type { KeyValue, Storage } from '../../storage/storage.ts';
import type { ValueTransformer } from '../../storage/value-transformer.ts';
import { keyText } from '../show-key-value.ts';
import { storedValue } from '../stored-value.ts';

/** Where to look, and how. */
export interface LiveServerSearch {
  readonly storage: Storage;
  /** `/registry` */
  readonly prefix: string;
  readonly values: ValueTransformer;
  readonly now: Date;
}

/** A sign of an API server at work. */
export interface LiveServer {
  readonly type: 'kube-apiserver' | 'kube-lite';
  /** For people: the key, and what it tells. */
  readonly evidence: string;
}

/** Where `kube-lite serve` keeps a key while it runs, below the prefix; kube-apiserver looks at nothing there. */
export const SERVERS = 'servers.kube-lite';
/** An API server renews its identity every 10 seconds. */
const RECENT_MS = 60_000;
const MOST = 20;

/**
 * The API servers that are alive on an etcd: those that hold a key under `masterleases` with an etcd lease, those whose Lease
 * `apiserver-…` was renewed within the last minute, and `kube-lite serve`. One small read.
 */
export async function liveServers({ storage, prefix, values, now }: LiveServerSearch): Promise<LiveServer[]> {
  const below = (path: string) =>
    ({ type: 'range', ...prefixRange(Buffer.from(`${prefix}/${path}`)), limit: MOST }) as const;
  const { results } = await storage.txn({
    compares: [],
    success: [below('masterleases/'), below('leases/kube-system/apiserver-'), below(`${SERVERS}/`)],
  });
  const [masters = [], leases = [], own = []] = results.map((each) => (each.type === 'range' ? each.kvs : []));
  return [
    ...masters.filter(isLeased).map((kv) => found('kube-apiserver', kv, 'held by an API server')),
    ...leases.flatMap((kv) => renewed(kv, values, now)),
    ...own.filter(isLeased).map((kv) => found('kube-lite', kv, kv.value.toString('utf8').slice(0, 200))),
  ];
}

const isLeased = ({ lease }: KeyValue): boolean => lease !== 0n;

function found(type: LiveServer['type'], kv: KeyValue, what: string): LiveServer {
  return { type, evidence: `${keyText(kv.key)} (${what})` };
}

/** A Lease that cannot be read tells nothing. */
function renewed(kv: KeyValue, values: ValueTransformer, now: Date): LiveServer[] {
  const value = storedValue(kv, values);
  const spec: unknown = value.type === 'object' ? value.object['spec'] : undefined;
  const time = isJsonObject(spec) ? spec['renewTime'] : undefined;
  const age = typeof time === 'string' ? now.getTime() - Date.parse(time) : Number.NaN;
  // A time to come is one of a server whose clock is ahead.
  if (!(age < RECENT_MS)) return [];
  return [found('kube-apiserver', kv, `renewed ${Math.max(0, Math.round(age / 1000))} seconds ago`)];
}
