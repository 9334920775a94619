import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../commands/run-program.ts';
import type { NetworkEnd } from '../peers/member-network.ts';
import { compareStored, compareWatched, manifests, startWatching, stored } from './bulk.ts';
import { faultMode, inMode } from './fault-mode.ts';
import { Figures } from './figures.ts';
import { serveInProcess } from './serve-in-process.ts';
import { startThreeMembers, type ThreeMembers } from './three-members.ts';

/** How long a fault lasts: longer than it takes to elect a leader. */
const FAULT_MS = 2500;

/** What befalls the leader. Resolves when the fault is over and can be looked back on. */
const FAULTS = {
  'is killed': async (etcd: ThreeMembers, leader: number) => {
    await etcd.kill(leader);
    await sleep(FAULT_MS);
    await etcd.restart(leader);
  },
  'is stopped': async (etcd: ThreeMembers, leader: number) => {
    etcd.pause(leader);
    await sleep(FAULT_MS);
    etcd.resume(leader);
  },
  'is cut off from the others': async (etcd: ThreeMembers, leader: number) =>
    losing(etcd, [...waysFrom(leader), ...waysTo(leader)], FAULT_MS),
  'is not heard by the others': async (etcd: ThreeMembers, leader: number) => losing(etcd, waysFrom(leader), FAULT_MS),
  'does not hear the others': async (etcd: ThreeMembers, leader: number) => losing(etcd, waysTo(leader), FAULT_MS),
  'is cut off from the client': async (etcd: ThreeMembers, leader: number) =>
    losing(etcd, [['test', leader] as const, [leader, 'test'] as const], inMode({ short: FAULT_MS, long: 20_000 })),
  'is not heard by the client': async (etcd: ThreeMembers, leader: number) =>
    losing(etcd, [[leader, 'test'] as const], FAULT_MS),
  'is slow to reach': async (etcd: ThreeMembers, leader: number) => {
    await etcd.network.slow(leader);
    await sleep(FAULT_MS);
    await etcd.network.heal();
  },
};
type Fault = keyof typeof FAULTS;

type Way = readonly [from: NetworkEnd, to: NetworkEnd];

const othersOf = (member: number): number[] => [0, 1, 2].filter((each) => each !== member);
const waysFrom = (member: number): Way[] => othersOf(member).map((other) => [member, other]);
const waysTo = (member: number): Way[] => othersOf(member).map((other) => [other, member]);

async function losing({ network }: ThreeMembers, ways: readonly Way[], milliseconds: number): Promise<void> {
  for (const [from, to] of ways) await network.lose(from, to);
  await sleep(milliseconds);
  await network.heal();
}

/** How many objects are to be written, by which way. */
interface Work {
  readonly verb: 'create' | 'apply';
  readonly through: 'etcd' | 'serve';
}

const CREATE: Work = { verb: 'create', through: 'etcd' };
const APPLY: Work = { verb: 'apply', through: 'etcd' };
const SERVE: Work = { verb: 'create', through: 'serve' };
const ALL = Object.keys(FAULTS).flatMap((fault) =>
  [CREATE, APPLY, SERVE].map((work) => [fault as Fault, work] as const),
);
const CHOSEN: readonly (readonly [Fault, Work])[] = [
  ['is killed', CREATE],
  ['is stopped', APPLY],
  ['is cut off from the others', SERVE],
  ['is cut off from the client', CREATE],
];

describe('three members of etcd, whose leader', () => {
  let etcd: ThreeMembers;
  let folder: string;
  let rounds = 0;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-faults-'));
    etcd = await startThreeMembers();
  });
  afterAll(async () => {
    await etcd.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const cases = faultMode === 'long' ? ALL : CHOSEN;
  it.each(cases.map(([fault, work]) => ({ fault, ...work })))(
    '$fault during $verb of many objects through $through: each is there once, and a watch has told each once',
    { timeout: 180_000 },
    async ({ fault, verb, through }) => {
      const objects = faultMode === 'long' || fault === 'is killed' ? 1000 : 400;
      const figures = new Figures(`leader ${fault}, ${verb} through ${through}`);
      const prefix = `/round-${++rounds}`;
      await etcd.settled();
      const leader = await etcd.leader();
      // What is asked first, and until it fails.
      const endpoints = [leader, ...othersOf(leader)].map((member) => etcd.endpoints[member] ?? '');
      const env = { KUBE_LITE_ETCD_ENDPOINTS: endpoints.join(','), KUBE_LITE_ETCD_PREFIX: prefix };
      const server = through === 'serve' ? await serveInProcess(env, path.join(folder, `serve-${rounds}`)) : undefined;
      const client: Record<string, string> = server === undefined ? env : { KUBECONFIG: server.kubeconfig };
      if (verb === 'apply') {
        const before = await run(['apply', '-f', '-'], { env: client, input: manifests(objects, 'before') });
        expect(before).toMatchObject({ status: 0 });
      }
      const watched = startWatching(client);
      const present = verb === 'apply' ? objects : 0;
      await watched.until(present);
      let began = 0;
      let over: Promise<void> | undefined;
      let told = 0;
      const ran = await run([verb, '-f', '-'], {
        env: client,
        input: manifests(objects, 'after'),
        onOutput() {
          told += 1;
          if (told < objects / 4 || over !== undefined) return;
          began = performance.now();
          over = FAULTS[fault](etcd, leader);
        },
      });
      await over;
      await watched.until(present + objects);
      const took = performance.now() - began;
      expect((await watched.stop()).status).toBe(1);
      await server?.stop();
      figures.runs = 1;
      figures.faults = 1;
      const gap = watched.longestGap(began);
      figures.stall(gap);
      figures.note('network of', etcd.network.kind);
      figures.note('time to recover', `${Math.round(gap)} ms`);
      figures.note('done after the fault in', `${Math.round(took)} ms`);
      expect(ran).toMatchObject({ status: 0, errors: '' });
      const lines = ran.output.trim().split('\n');
      expect(lines).toHaveLength(objects);
      const kvs = await stored(etcd.endpoints, prefix);
      // What `serve` keeps in namespaces of its own accord is none of these.
      expect(kvs.filter(({ key }) => /\/c-\d+$/.test(key.toString()))).toHaveLength(objects);
      compareStored({ kvs, version: verb === 'apply' ? 2 : 1, lines }, figures);
      compareWatched(
        { events: watched.events.slice(present), type: verb === 'apply' ? 'MODIFIED' : 'ADDED', count: objects },
        figures,
      );
      figures.finish();
    },
  );
});
