/** Feeds every target changed inputs for a time each, and says what it found. The input at hand is always in a file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../seeded-random.ts';
import { fuzzTargets, type Target } from './targets.ts';

const [fixtures = '', scratch = '', milliseconds = '', only = ''] = process.argv.slice(2);
/** How much processor time one input may take; the wall clock says more of a machine that is busy. */
const SLOW_MS = 4000;
const MOST_CORPUS = 400;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function isCrash(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  return ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'EvalError', 'AssertionError', 'Error'].includes(
    error.name,
  );
}

async function outcome(target: Target, input: Buffer): Promise<{ kind: string; crash?: string }> {
  try {
    await target.run(input);
    return { kind: 'done' };
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (isCrash(error)) return { kind: text, crash: error instanceof Error ? (error.stack ?? text) : text };
    return { kind: text.replaceAll(/"[^"]*"|\d+/g, '').slice(0, 80) };
  }
}

async function fuzz(target: Target): Promise<void> {
  const random = seededRandom(target.name);
  const corpus = [...target.seeds];
  const seen = new Set<string>();
  const problems: string[] = [];
  let [runs, slowest] = [0, 0];
  for (const end = performance.now() + Number(milliseconds); performance.now() < end && problems.length < 5; runs++) {
    const input =
      runs < target.seeds.length
        ? random.pick([corpus[runs] ?? random.pick(corpus)])
        : target.mutate(random.pick(corpus), random.pick(corpus), random);
    if (target.name !== 'bbolt') writeFileSync(join(scratch, 'input'), input);
    const began = cpuMs();
    const { kind, crash } = await outcome(target, input);
    const took = cpuMs() - began;
    slowest = Math.max(slowest, took);
    if (crash !== undefined) {
      problems.push(`${crash}\ninput: ${JSON.stringify(input.toString('latin1').slice(0, 400))}`);
    }
    if (took > SLOW_MS) {
      problems.push(`${Math.round(took)} ms for ${JSON.stringify(input.toString('latin1').slice(0, 400))}`);
    }
    if (seen.has(kind) || corpus.length >= MOST_CORPUS) continue;
    seen.add(kind);
    corpus.push(input);
  }
  const polluted = Object.keys(Object.prototype);
  if (polluted.length > 0) problems.push(`Object.prototype has ${polluted.join(', ')}`);
  process.stdout.write(`${JSON.stringify({ target: target.name, runs, slowest, kinds: seen.size, problems })}\n`);
}

const database = readFileSync(join(scratch, 'database'));
for (const target of fuzzTargets({ fixtures, scratch, database })) {
  if (only === '' || only === target.name) await fuzz(target);
}
