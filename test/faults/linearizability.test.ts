import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEtcdStorage } from '../../src/storage/etcd/open-etcd-storage.ts';
import { openLocalStorage } from '../../src/storage/local/open-local-storage.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { startEtcd } from '../peers/etcd-server.ts';
import { inMode } from './fault-mode.ts';
import { Figures } from './figures.ts';
import { checkHistory } from './histories/check-history.ts';
import type { ClientLine, ClientOrder } from './histories/client-lines.ts';
import { toHistory } from './histories/to-history.ts';
import { type Program, Programs } from './programs.ts';
import { seededRandom } from './seeded-random.ts';
import { startThreeMembers } from './three-members.ts';

const CLIENTS = 5;
const WATCHERS = 2;
const TIMEOUT = inMode({ short: 90_000, long: 900_000 });

interface Subject {
  readonly name: string;
  readonly place: Pick<ClientOrder, 'folder' | 'endpoints'>;
  open(): Promise<Storage>;
  /** What goes wrong in the middle. */
  fault(figures: Figures): Promise<void>;
}

describe('the history of concurrent processes can be explained by one store', () => {
  let programs: Programs;
  beforeAll(async () => {
    programs = await Programs.bundle('histories/history-client.ts');
  });
  afterAll(async () => programs.dispose());

  /** Runs clients and watchers, kills a client, compacts all the while, and checks what they saw. */
  async function round(subject: Subject, figures: Figures, calls: number): Promise<void> {
    const start = (name: string, number: number): Program =>
      programs.start(JSON.stringify({ ...subject.place, name, calls: number, keys: 4 }));
    const watchers = Array.from({ length: WATCHERS }, (_, index) => start(`watcher${index}`, 0));
    await Promise.all(watchers.map(async (watcher) => watcher.heard(1)));
    const clients = new Map(
      Array.from({ length: CLIENTS }, (_, index) => [`client${index}`, start(`client${index}`, calls)]),
    );
    const [first, ...others] = [...clients.values()];
    const storage = await subject.open();
    const state = { running: true, figures };
    const compacting = compactNowAndThen(storage, watchers, state);
    await first?.heard(calls / 4);
    await subject.fault(figures);
    await first?.heard(calls);
    await first?.kill();
    figures.faults += 1;
    await Promise.all(others.map(async (client) => client.finished()));
    state.running = false;
    await compacting;
    await storage.txn({
      compares: [],
      success: [{ type: 'put', key: Buffer.from('/h/end'), value: Buffer.from('end') }],
    });
    await Promise.all(watchers.map(async (watcher) => watcher.finished()));
    await storage.close();
    const history = toHistory(
      new Map([...clients].map(([name, client]) => [name, client.said as ClientLine[]])),
      watchers.map((watcher) => watcher.said as ClientLine[]),
    );
    figures.runs += 1;
    figures.count('calls', history.calls.length);
    figures.count('lists', history.lists.length);
    figures.count('events seen', history.watches.flat().length);
    figures.count(
      'outcomes unknown',
      history.calls.filter((call) => call.type !== 'get' && call.outcome === 'unknown').length,
    );
    for (const each of history.calls) if (each.returned !== Infinity) figures.stall(each.returned - each.invoked);
    expect(history.calls.length).toBeGreaterThan(calls);
    expect(checkHistory(history)).toEqual([]);
  }

  it('on the local store', { timeout: TIMEOUT }, async () => {
    const figures = new Figures('histories on local');
    const random = seededRandom('histories on local');
    for (let run = 0; run < inMode({ short: 1, long: 40 }); run++) {
      const folder = await mkdtemp(join(tmpdir(), 'kube-lite-history-'));
      await round(
        {
          name: 'local',
          place: { folder },
          open: async () => openLocalStorage(folder),
          fault: async () => sleep(random.below(50)),
        },
        figures,
        inMode({ short: 160, long: 400 }),
      );
      await rm(folder, { recursive: true, force: true });
    }
    figures.finish();
  });

  it('on one etcd', { timeout: TIMEOUT }, async () => {
    const figures = new Figures('histories on etcd');
    for (let run = 0; run < inMode({ short: 1, long: 20 }); run++) {
      const etcd = await startEtcd();
      const { endpoints } = etcd;
      const fault = async (): Promise<void> => {
        await etcd.kill();
        await etcd.restart();
        figures.faults += 1;
      };
      try {
        await round(
          { name: 'etcd', place: { endpoints }, open: async () => openEtcdStorage({ endpoints }), fault },
          figures,
          inMode({ short: 160, long: 400 }),
        );
      } finally {
        await etcd.stop();
      }
    }
    figures.finish();
  });

  it('on three members', { timeout: TIMEOUT }, async () => {
    const figures = new Figures('histories on three members');
    for (let run = 0; run < inMode({ short: 1, long: 20 }); run++) {
      const etcd = await startThreeMembers();
      const { endpoints } = etcd;
      const fault = async (): Promise<void> => {
        const leader = await etcd.leader();
        await etcd.kill(leader);
        await sleep(300);
        await etcd.restart(leader);
        figures.faults += 1;
      };
      try {
        await round(
          { name: 'three', place: { endpoints }, open: async () => openEtcdStorage({ endpoints }), fault },
          figures,
          inMode({ short: 120, long: 400 }),
        );
      } finally {
        await etcd.stop();
      }
    }
    figures.finish();
  });
});

/** Forgets, again and again, everything that all watchers have seen: none of them may notice. */
async function compactNowAndThen(
  storage: Storage,
  watchers: readonly Program[],
  state: { running: boolean; figures: Figures },
): Promise<void> {
  let before = 0;
  for (; state.running; await sleep(40)) {
    const seen = Math.min(...watchers.map((watcher) => lastSeen(watcher.said as ClientLine[])));
    if (seen <= before) continue;
    try {
      await storage.compact(seen);
      before = seen;
      state.figures.count('compactions');
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
    }
  }
}

function lastSeen(lines: readonly ClientLine[]): number {
  const last = lines.findLast((line) => line.say === 'event');
  return last?.say === 'event' ? last.mod : 0;
}
