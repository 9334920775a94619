import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { MemberNetwork, NetworkEnd } from './member-network.ts';

const execute = promisify(execFile);

/** Members in network namespaces of their own, joined by a bridge, as is the test's process. */
export interface NamespaceNetwork extends MemberNetwork {
  /** The address of each member, and what to put before a command for it to run there. */
  readonly machines: readonly Machine[];
}

export interface Machine {
  readonly address: string;
  readonly command: readonly string[];
}

/** Frames to this address are taken by nobody. */
const NOBODY = '02:00:00:00:00:fe';

/** A bandwidth: every kernel with traffic control has this one, few have delays. */
const SLOW = ['tbf', 'rate', '500kbit', 'burst', '4kb', 'latency', '400ms'];

/** The system has no such command, or does not let us. */
export class NoNamespaces extends Error {
  override readonly name = 'NoNamespaces';
}

async function ip(...argv: string[]): Promise<void> {
  try {
    await execute('ip', argv);
  } catch (error) {
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
    const why = code === 'ENOENT' ? 'there is no ip command (Debian: apt-get install iproute2)' : stderr.trim();
    throw new NoNamespaces(`ip ${argv.join(' ')}: ${why}`, { cause: error });
  }
}

/** The names of the namespaces of a network begin with the process that made it. */
const OURS = /^kl([0-9a-z]+)-[0-9a-f]{4}(?:h|m\d+)$/;

/** The namespaces of networks that are there, with the process that made them. */
export async function namespacesOfNetworks(): Promise<{ readonly name: string; readonly owner: number }[]> {
  const { stdout } = await execute('ip', ['netns', 'list']).catch(() => ({ stdout: '' }));
  return stdout.split('\n').flatMap((line) => {
    const [name = ''] = line.split(' ');
    const owner = OURS.exec(name)?.[1];
    return owner === undefined ? [] : [{ name, owner: Number.parseInt(owner, 36) }];
  });
}

/** Removes what processes have left behind that were killed; what belongs to a process that runs is let alone. */
async function removeAbandoned(): Promise<void> {
  for (const { name, owner } of await namespacesOfNetworks()) {
    if (existsSync(`/proc/${owner}`)) continue;
    const { stdout } = await execute('ip', ['netns', 'pids', name]).catch(() => ({ stdout: '' }));
    for (const pid of stdout.split('\n').filter(Boolean)) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    // Another test may have done it meanwhile.
    await ip('netns', 'del', name).catch(() => undefined);
  }
}

/** Rejects with NoNamespaces, and leaves nothing behind, where the system does not permit this. */
export async function startNamespaceNetwork(size: number): Promise<NamespaceNetwork> {
  await removeAbandoned();
  // Names of devices have at most fifteen characters.
  const id = `kl${process.pid.toString(36)}-${randomBytes(2).toString('hex')}`;
  const hub = `${id}h`;
  const spaces = Array.from({ length: size }, (_, index) => `${id}m${index}`);
  // A network for benchmarks (RFC 2544), which nobody has; which part of it is left to chance.
  const network = `198.${18 + (randomBytes(1).readUInt8() % 2)}.${randomBytes(1).readUInt8()}`;
  const addressOf = (machine: NetworkEnd): string => `${network}.${machine === 'test' ? 254 : machine + 1}`;
  const within = (machine: NetworkEnd): string[] => (machine === 'test' ? [] : ['-n', spaces[machine] ?? '']);
  const device = (machine: NetworkEnd): string => (machine === 'test' ? `${id}t` : 'eth0');
  const stop = async (): Promise<void> => {
    // The ends of cables go with the namespaces that they are in.
    for (const space of [hub, ...spaces]) await ip('netns', 'del', space).catch(() => undefined);
    await ip('link', 'del', device('test')).catch(() => undefined);
  };
  const plug = async (machine: NetworkEnd): Promise<void> => {
    const port = `p${machine}`;
    if (machine !== 'test') await ip('netns', 'add', spaces[machine] ?? '');
    const place = machine === 'test' ? [] : ['netns', spaces[machine] ?? ''];
    await ip('link', 'add', device(machine), ...place, 'type', 'veth', 'peer', 'name', port, 'netns', hub);
    await ip('-n', hub, 'link', 'set', port, 'master', 'bridge', 'up');
    await ip(...within(machine), 'addr', 'add', `${addressOf(machine)}/24`, 'dev', device(machine));
    await ip(...within(machine), 'link', 'set', device(machine), 'up');
    if (machine !== 'test') await ip(...within(machine), 'link', 'set', 'lo', 'up');
  };
  try {
    await ip('netns', 'add', hub);
    await ip('-n', hub, 'link', 'add', 'bridge', 'type', 'bridge');
    await ip('-n', hub, 'link', 'set', 'bridge', 'up');
    for (const machine of ['test' as const, ...spaces.keys()]) await plug(machine);
  } catch (error) {
    await stop();
    throw error;
  }
  let undo: (() => Promise<void>)[] = [];
  return {
    kind: 'network namespaces',
    machines: spaces.map((space, index) => ({ address: addressOf(index), command: ['ip', 'netns', 'exec', space] })),
    async lose(from, to) {
      const neighbour = [addressOf(to), 'dev', device(from)];
      await ip(...within(from), 'neigh', 'replace', ...neighbour, 'lladdr', NOBODY, 'nud', 'permanent');
      undo.push(async () => ip(...within(from), 'neigh', 'del', ...neighbour));
    },
    async slow(machine) {
      await execute('tc', [...within(machine), 'qdisc', 'add', 'dev', device(machine), 'root', ...SLOW]);
      undo.push(async () => {
        await execute('tc', [...within(machine), 'qdisc', 'del', 'dev', device(machine), 'root']);
      });
    },
    async heal() {
      const all = undo;
      undo = [];
      for (const each of all) await each();
    },
    stop,
  };
}
