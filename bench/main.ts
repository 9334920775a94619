import { cpSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Bench, type Case, type Mode } from './bench.ts';
import { apply, bulk, localBulk, remove } from './cases/bulk.ts';
import { get } from './cases/get.ts';
import { growth } from './cases/growth.ts';
import { list } from './cases/list.ts';
import { serve } from './cases/serve.ts';
import { local, start } from './cases/start.ts';
import type { Row } from './row.ts';
import { table } from './table.ts';

const CASES: readonly Case[] = [start, local, get, bulk, apply, remove, localBulk, list, serve, growth];

const USAGE = `npm run bench -- [--short | --long] [--program FILE] [CASE …]

  --short    only check that every case runs, with small sizes
  --long     with the sizes of the goals that take many minutes
  --program  measure this bin/kube-lite.js instead of a fresh build
  --output   where to write the figures as JSON, instead of bench/results.json

${CASES.map(({ name, about }) => `  ${name.padEnd(11)}${about}\n`).join('')}`;

/** Where the repository is, and how its program is built into a folder. */
interface Workshop {
  readonly root: string;
  readonly buildProgram: (folder: string) => Promise<unknown>;
}

/** Builds the program beside its packages, where neither a test nor another build is in the way. */
async function builtProgram({ root, buildProgram }: Workshop): Promise<string> {
  const folder = path.join(root, '.cache/bench/program');
  await buildProgram(path.join(folder, 'dist'));
  cpSync(path.join(root, 'bin'), path.join(folder, 'bin'), { recursive: true });
  return path.join(folder, 'bin/kube-lite.js');
}

function chosen(names: readonly string[]): Case[] {
  const unknown = names.find((name) => !CASES.some((each) => each.name === name));
  if (unknown !== undefined) throw new Error(`there is no case ${unknown}\n${USAGE}`);
  return CASES.filter(({ name }) => names.length === 0 || names.includes(name));
}

async function runCases(cases: readonly Case[], mode: Mode, program: string): Promise<Row[]> {
  const bench = new Bench(mode, [process.execPath, program]);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void bench[Symbol.asyncDispose]().finally(() => process.exit(1));
    });
  }
  const rows: Row[] = [];
  try {
    for (const each of cases) {
      process.stderr.write(`${each.name}: ${each.about}\n`);
      const done = await each.run(bench);
      rows.push(...done);
      process.stderr.write(`${table(done)}\n`);
    }
  } finally {
    await bench[Symbol.asyncDispose]();
  }
  // Small sizes say nothing about the goals.
  return mode === 'short' ? rows.map(({ goal: _goal, met: _met, ...figures }) => figures) : rows;
}

/** Runs the benchmark that the arguments ask for; its table goes to standard output, its figures to a JSON file. */
export async function runBench(argv: readonly string[], workshop: Workshop): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      program: { type: 'string' },
      output: { type: 'string', default: path.join(workshop.root, 'bench/results.json') },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const cases = chosen(positionals);
  const mode = values.short ? 'short' : values.long ? 'long' : 'normal';
  const rows = await runCases(cases, mode, path.resolve(values.program ?? (await builtProgram(workshop))));
  const machine = { node: process.version, cpus: os.cpus().length, model: os.cpus()[0]?.model, load: os.loadavg() };
  writeFileSync(values.output, `${JSON.stringify({ mode, machine, rows }, undefined, 2)}\n`);
  process.stdout.write(table(rows));
}
