import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Column } from './columns.ts';
import { EXCEPTIONS } from './exceptions.ts';
import { type Difference, replay } from './replay.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What the closing table counts: the steps of one transcript in one column, and those that matched. */
    transcript?: { readonly name: string; readonly column: string; readonly steps: number; readonly matched: number };
  }
}

const folder = new URL('../../fixtures/transcripts/', import.meta.url).pathname;

/** Every transcript of the fixtures, as its path below them without the ending. */
export function transcriptNames(): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.transcript'))
    .map((name) => name.replace(/[.]transcript$/, ''))
    .sort();
}

/** The file of a transcript. */
export function transcriptFile(name: string): string {
  return `${folder}${name}.transcript`;
}

function describeDifference({ command, expected, actual }: Difference): string {
  const part = (name: string, left: unknown, right: unknown): string =>
    left === right ? '' : `\n--- ${name} expected:\n${String(left)}\n--- ${name} got:\n${String(right)}`;
  return `$ ${command}${part('output', expected.output, actual.output)}${part('errors', expected.errors, actual.errors)}${part('status', expected.status, actual.status)}`;
}

/** One test a transcript, all of them or some: every step as it was recorded, but for the exceptions. */
export function describeColumn(column: Column, names: readonly string[] = transcriptNames()): void {
  describe.concurrent(`transcripts: ${column.name}`, () => {
    for (const name of names) {
      it(name, { timeout: 180_000 }, async ({ task }) => {
        const exceptions = EXCEPTIONS.filter(
          (each) => each.transcript === name && (each.columns?.test(column.name) ?? true),
        );
        const { steps, differences } = await replay(
          transcriptFile(name),
          (state) => column.prepare(state),
          (command) => exceptions.some((each) => each.steps.test(command)),
        );
        task.meta.transcript = { name, column: column.name, steps, matched: steps - differences.length };
        expect(steps).toBeGreaterThan(0);
        expect(differences.map(describeDifference).join('\n\n')).toBe('');
      });
    }
  });
}
