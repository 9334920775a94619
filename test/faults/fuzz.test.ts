import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openEtcdStorage } from '../../src/storage/etcd/open-etcd-storage.ts';
import { startEtcd } from '../peers/etcd-server.ts';
import { inMode } from './fault-mode.ts';
import { Figures } from './figures.ts';
import { Programs } from './programs.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/fuzz', import.meta.url));
const TARGETS = 19;
const EACH_MS = inMode({ short: 700, long: 120_000 });
/** After so long without a word from the program, the input at hand is one that never ends. */
const SILENCE_MS = EACH_MS + 60_000;

interface Found {
  readonly target: string;
  readonly runs: number;
  readonly slowest: number;
  readonly problems: string[];
}

/** The database of a real member that holds a few keys. */
async function smallDatabase(): Promise<Buffer> {
  const etcd = await startEtcd();
  try {
    const storage = await openEtcdStorage({ endpoints: etcd.endpoints });
    for (let index = 0; index < 40; index++) {
      const key = Buffer.from(`/registry/key${index % 20}`);
      await storage.txn({ compares: [], success: [{ type: 'put', key, value: Buffer.alloc(300, index) }] });
    }
    await storage.close();
    await etcd.kill();
    return await readFile(join(etcd.dataDirs[0] ?? '', 'member', 'snap', 'db'));
  } finally {
    await etcd.stop();
  }
}

it('whatever is read, nothing crashes, hangs or grows', { timeout: 21 * SILENCE_MS }, async () => {
  const figures = new Figures('fuzzing');
  const scratch = await mkdtemp(join(tmpdir(), 'kube-lite-fuzz-'));
  const programs = await Programs.bundle('fuzz/fuzz-program.ts');
  try {
    await writeFile(join(scratch, 'database'), await smallDatabase());
    const program = programs.start(fixtures, scratch, String(EACH_MS));
    const ended = program.finished().then(
      () => true,
      (error: unknown) => error,
    );
    for (let count = 1; count <= TARGETS; count++) {
      let timer: NodeJS.Timeout | undefined;
      const silence = new Promise<'silence'>((resolve) => {
        timer = setTimeout(resolve, SILENCE_MS, 'silence');
      });
      const first = await Promise.race([program.heard(count), silence]);
      clearTimeout(timer);
      if (first !== 'silence') continue;
      await program.kill();
      const input = await readFile(join(scratch, 'input'), 'latin1');
      throw new Error(
        `an input never ends, after ${JSON.stringify(program.said.at(-1))}: ${JSON.stringify(input.slice(0, 2000))}`,
      );
    }
    expect(await ended).toBe(true);
    const found = program.said as Found[];
    expect(found.map(({ target }) => target)).toHaveLength(TARGETS);
    for (const { target, runs, slowest } of found) {
      figures.runs += runs;
      figures.stall(slowest);
      figures.note(target, `${runs} inputs`);
    }
    expect(found.flatMap(({ target, problems }) => problems.map((each) => `${target}: ${each}`))).toEqual([]);
    figures.finish();
  } finally {
    await programs.dispose();
    await rm(scratch, { recursive: true, force: true });
  }
});
