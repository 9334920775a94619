import { randomBytes } from 'node:crypto';
import type { Storage } from '../../storage/storage.ts';
import { SERVERS } from './live-servers.ts';

const TTL_SECONDS = 15;
const RENEWAL_MS = 5000;

/**
 * Holds a key with a lease for as long as a server runs, so that others see that one is there. `text` says who. Renews it in
 * the background; when the lease was lost meanwhile, the key is made again. The function that it answers ends it.
 */
export async function holdServerKey(storage: Storage, prefix: string, text: string): Promise<() => Promise<void>> {
  const key = Buffer.from(`${prefix}/${SERVERS}/${randomBytes(8).toString('hex')}`);
  const hold = async (): Promise<bigint> => {
    const { id } = await storage.grantLease(TTL_SECONDS);
    await storage.txn({ compares: [], success: [{ type: 'put', key, value: Buffer.from(text), lease: id }] });
    return id;
  };
  let lease = await hold();
  let renewing = Promise.resolve();
  const renew = async (): Promise<void> => {
    try {
      await storage.keepLeaseAlive(lease);
    } catch {
      // An etcd that is away comes back with or without the lease; the next round sees to it.
      lease = await hold().catch(() => lease);
    }
  };
  const timer = setInterval(() => {
    renewing = renewing.then(renew);
  }, RENEWAL_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await renewing;
    // When etcd is away, the lease ends by itself.
    await storage.revokeLease(lease).catch(() => undefined);
  };
}
