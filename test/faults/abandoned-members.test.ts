import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { NoNamespaces, namespacesOfNetworks, startNamespaceNetwork } from '../peers/namespace-network.ts';
import { Programs } from './programs.ts';

/** The processes whose command line names this. */
async function processesWith(argument: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map(async (pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(argument));
}

it('a test that is killed leaves no etcd running, and its namespaces are gone with the next network', async (context) => {
  const own = await startNamespaceNetwork(1).catch((error: unknown) => error);
  if (own instanceof NoNamespaces) context.skip(own.message);
  if (own instanceof Error) throw own;
  const network = own as Awaited<ReturnType<typeof startNamespaceNetwork>>;
  const mine = network.machines.map(({ command }) => command.at(-1));
  const programs = await Programs.bundle('abandoned-members.ts');
  try {
    const program = programs.start();
    await program.heard(1);
    const [{ dataDir = '', failure }] = program.said as [{ dataDir?: string; failure?: string }];
    expect(failure).toBeUndefined();
    expect(await processesWith(dataDir)).not.toEqual([]);
    await program.kill();
    for (const deadline = Date.now() + 20_000; (await processesWith(dataDir)).length > 0; await sleep(20)) {
      if (Date.now() > deadline) throw new Error('the etcd runs on');
    }
    await rm(path.dirname(dataDir), { recursive: true, force: true });
    const left = (await namespacesOfNetworks()).filter(({ owner }) => owner === program.pid);
    expect(left).toHaveLength(2);
    await (await startNamespaceNetwork(1)).stop();
    const now = (await namespacesOfNetworks()).map(({ name }) => name);
    expect(left.filter(({ name }) => now.includes(name))).toEqual([]);
    expect(now).toEqual(expect.arrayContaining(mine));
  } finally {
    await network.stop();
    await programs.dispose();
  }
});
