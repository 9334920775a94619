import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/printers/unified-diff.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-unified-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const at = path.join(folder, name);
  fs.writeFileSync(at, text);
  return at;
};

/** What `diff -u` prints below its two lines of names. */
function realDiff(before: string, after: string): string {
  try {
    execFileSync('diff', ['-u', file('before', before), file('after', after)]);
    return '';
  } catch (error) {
    const { stdout, status } = error as { stdout: Buffer; status: number };
    if (status !== 1) throw error;
    return stdout.toString().replace(/^---.*\n\+\+\+.*\n/, '');
  }
}

/** What a patch program makes of a text with a diff; throws where the diff does not fit the text. */
function patched(before: string, diff: string): string {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const made: string[] = [];
  let at = 0;
  for (const hunk of diff.split(/^(?=@@ )/m).slice(1)) {
    const [, start = '', length = '1'] = /^@@ -(\d+)(?:,(\d+))? /.exec(hunk) ?? [];
    const first = length === '0' ? Number(start) : Number(start) - 1;
    made.push(...old.slice(at, first));
    at = first;
    for (const [line] of hunk.slice(hunk.indexOf('\n') + 1).matchAll(/[-+ ][^\n]*\n(?:\\[^\n]*\n)?/g)) {
      const content = line.slice(1).replace(/\n\\.*\n$/, '');
      if (line[0] === '+') made.push(content);
      else {
        expect(old[at++]).toBe(content);
        if (line[0] === ' ') made.push(content);
      }
    }
  }
  return [...made, ...old.slice(at)].join('');
}

const lines = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd: 1', '', '  - x'), { maxLength: 30 })
  .map((list) => list.map((line) => `${line}\n`).join(''));
const text = fc.tuple(lines, fc.constantFrom('', 'last line without its end')).map((parts) => parts.join(''));

describe('unified diffs', () => {
  it('make one text of the other', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = unifiedDiff(before, after, { names: ['before', 'after'] });
        expect(diff === '').toBe(before === after);
        expect(patched(before, diff)).toBe(after);
      }),
      { numRuns: 300 },
    );
  });

  it('are as short as those of the real diff -u --minimal', () => {
    const count = (diff: string): number => diff.match(/^[-+]/gm)?.length ?? 0;
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        expect(count(unifiedDiff(before, after))).toBe(minimal(before, after));
      }),
      { numRuns: 60 },
    );
    function minimal(before: string, after: string): number {
      try {
        execFileSync('diff', ['-u', '--minimal', file('before', before), file('after', after)]);
        return 0;
      } catch (error) {
        return count((error as { stdout: Buffer }).stdout.toString().replace(/^---.*\n\+\+\+.*\n/, ''));
      }
    }
  });

  it.each([
    ['one line changed', 'a\nb\nc\n', 'a\nx\nc\n'],
    ['far apart', '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n', 'one\n2\n3\n4\n5\n6\n7\n8\n9\nten\n'],
    ['near', '1\n2\n3\n4\n5\n6\n7\n', 'one\n2\n3\n4\n5\n6\nseven\n'],
    ['added at the end', 'a\n', 'a\nb\n'],
    ['added to nothing', '', 'a\nb\n'],
    ['removed altogether', 'a\nb\n', ''],
    ['no newline at the end', 'a\nb', 'a\nc'],
    ['newline added', 'a', 'a\n'],
  ])('print what diff -u prints: %s', (_what, before, after) => {
    expect(unifiedDiff(before, after)).toBe(realDiff(before, after));
  });

  it('replace everything in texts that have next to nothing in common, without taking long', () => {
    const one = Array.from({ length: 20_000 }, (_, index) => `one ${index}\n`).join('');
    const other = Array.from({ length: 20_000 }, (_, index) => `other ${index}\n`).join('');
    const diff = unifiedDiff(one, other);
    expect(diff.startsWith('@@ -1,20000 +1,20000 @@\n-one 0\n')).toBe(true);
    expect(diff.match(/^\+other/gm)?.length).toBe(20_000);
  });
});
