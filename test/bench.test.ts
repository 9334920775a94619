import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const RUN = fileURLToPath(new URL('../bench/run.mjs', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../bin/kube-lite.js', import.meta.url));

interface Row {
  readonly case: string;
  readonly what: string;
  readonly value: number;
}

it('runs every case of the benchmark, with small sizes', { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kube-lite-bench-test-'));
  try {
    const output = join(folder, 'results.json');
    const { stdout } = await promisify(execFile)(process.execPath, [
      RUN,
      '--short',
      '--program',
      PROGRAM,
      '--output',
      output,
    ]);
    const { rows } = JSON.parse(await readFile(output, 'utf8')) as { rows: Row[] };
    expect([...new Set(rows.map((row) => row.case))]).toEqual([
      'start',
      'local',
      'get',
      'bulk',
      'apply',
      'delete',
      'local-bulk',
      'list',
      'serve',
      'growth',
    ]);
    for (const row of rows) {
      expect(row.value, row.what).toBeGreaterThan(0);
      expect(stdout).toContain(row.what);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('names the cases that there are when asked for another', async () => {
  await expect(promisify(execFile)(process.execPath, [RUN, 'speed'])).rejects.toThrow('there is no case speed');
});
