import os from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.ts';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/fast-check-seed.ts'],
    pool: 'forks',
    isolate: false,
    // Much of what takes long waits: for servers, for leases, for clocks. Others have the processors meanwhile.
    maxWorkers: os.availableParallelism() + 1,
    maxConcurrency: 3,
    sequence: { sequencer: LongestFirst },
    // Real servers and clocks take part: once more where nobody is there to look. What fails twice has failed.
    retry: process.env['CI'] === undefined ? 0 : 1,
    // Some hundred processes of kubectl take their time where other work is done beside them.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/closing-line.ts'],
  },
});
