import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiHandler } from '../../src/apiserver/handler.ts';
import { withExpiringEvents } from '../../src/storage/expiring-events.ts';
import { openLocalStorage } from '../../src/storage/local/open-local-storage.ts';
import { ObjectStorage } from '../../src/storage/object-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';

let folder = '';
let local: Storage;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-test-'));
  local = await openLocalStorage(folder);
});
afterEach(async () => {
  await local.close();
  await rm(folder, { recursive: true, force: true });
});

const EVENTS = '/api/v1/namespaces/default/events';
const event = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace: 'default' },
  involvedObject: { namespace: 'default', name: 'x', kind: 'Pod' },
});

async function leaseOf(name: string): Promise<bigint> {
  const { kvs } = await local.range({ key: Buffer.from(`/registry/${name}`) });
  return kvs[0]?.lease ?? -1n;
}

describe('events', () => {
  it('end with a lease of an hour that those of a minute share', async () => {
    const clock = { now: 0 };
    const storage = withExpiringEvents({ storage: local, prefix: '/registry', now: () => clock.now });
    const handle = createApiHandler({ storage: new ObjectStorage({ storage }) });
    const send = async (path: string, body: unknown) => (await handle({ method: 'POST', path, body })).status;
    expect(await send(EVENTS, event('a'))).toBe(201);
    clock.now = 59;
    expect(await send(EVENTS, event('b'))).toBe(201);
    clock.now = 61;
    expect(await send(EVENTS, event('c'))).toBe(201);
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
    expect(await send('/api/v1/namespaces/default/configmaps', map)).toBe(201);
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => leaseOf(`events/default/${name}`)));
    expect(a).toBeGreaterThan(0n);
    expect(b).toBe(a);
    expect(c).not.toBe(a);
    expect(await leaseOf('configmaps/default/a')).toBe(0n);
    expect(await local.leaseTimeToLive(a ?? 0n)).toMatchObject({ grantedTtl: 3660 });
    await local.revokeLease(a ?? 0n);
    const list = await handle({ method: 'GET', path: EVENTS });
    expect((list.body as { items: unknown[] }).items).toHaveLength(1);
  });

  it('get another lease when theirs was revoked, and when they are written again', async () => {
    const storage = withExpiringEvents({ storage: local, prefix: '/registry', now: () => 0 });
    const handle = createApiHandler({ storage: new ObjectStorage({ storage }) });
    await handle({ method: 'POST', path: EVENTS, body: event('a') });
    const first = await leaseOf('events/default/a');
    await local.revokeLease(first);
    expect((await handle({ method: 'POST', path: EVENTS, body: event('a') })).status).toBe(201);
    const second = await leaseOf('events/default/a');
    expect(second).not.toBe(first);
    const headers = { 'content-type': 'application/merge-patch+json' };
    await handle({ method: 'PATCH', path: `${EVENTS}/a`, headers, body: { count: 2 } });
    expect(await leaseOf('events/default/a')).toBe(second);
  });
});
