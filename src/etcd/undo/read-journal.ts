import fs from 'node:fs';
import path from 'node:path';
import { isJsonObject } from '../../model/json-value.ts';
import { type JournalEntry, type JournalLine, type JournalOutcome, JOURNAL_FILE } from './journal-line.ts';

/** An old value that was kept, and what became of the key. */
export interface KeptValue {
  /** `RUN.N`: the run of the program, and the change in it. */
  readonly id: string;
  readonly run: string;
  readonly number: number;
  readonly file: string;
  readonly time: string;
  readonly change: 'put' | 'delete';
  readonly key: Buffer;
  readonly value: Buffer;
  /** The mod revision of the old value. */
  readonly modRevision: number;
  readonly lease: bigint;
  /** The revision at which it was replaced; undefined when the program did not live to learn that. */
  readonly replacedAt: number | undefined;
  /** The revision at which it was brought back. */
  readonly undoneAt: number | undefined;
}

/** The old values in a folder, oldest first; those that were not replaced after all are left out. A line cut short is skipped. */
export function readJournal(folder: string): KeptValue[] {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(JOURNAL_FILE));
  return names
    .flatMap((name) => readFile(path.join(folder, name)))
    .sort((a, b) => orderOf(a) - orderOf(b) || a.run.localeCompare(b.run) || a.number - b.number);
}

/** The store's own order of changes; clocks may differ. */
const orderOf = ({ replacedAt, modRevision }: KeptValue): number => replacedAt ?? modRevision;

/** Notes that entries of one file were brought back. */
export function noteUndone({ file, number }: KeptValue, revision: number): void {
  const line: JournalOutcome = { entries: [number], undone: revision };
  fs.appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}

function readFile(file: string): KeptValue[] {
  const entries = new Map<number, JournalEntry>();
  const replaced = new Map<number, number>();
  const undone = new Map<number, number>();
  for (const line of fs.readFileSync(file, 'utf8').split('\n').map(parseLine)) {
    if (line === undefined) continue;
    if (!('entries' in line)) {
      entries.set(line.entry, line);
      continue;
    }
    for (const number of line.entries) {
      if (line.dropped === true) entries.delete(number);
      if (line.revision !== undefined) replaced.set(number, line.revision);
      if (line.undone !== undefined) undone.set(number, line.undone);
    }
  }
  const run = path.basename(file, JOURNAL_FILE);
  return [...entries.values()].map(({ entry, key, value, lease, time, change, modRevision }) => ({
    id: `${run}.${entry}`,
    run,
    number: entry,
    file,
    time,
    change,
    key: Buffer.from(key, 'base64'),
    value: Buffer.from(value, 'base64'),
    modRevision,
    lease: lease === undefined ? 0n : BigInt(`0x${lease}`),
    replacedAt: replaced.get(entry),
    undoneAt: undone.get(entry),
  }));
}

function parseLine(text: string): JournalLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) return undefined;
    const isEntry = typeof value['entry'] === 'number' && typeof value['key'] === 'string';
    return isEntry || Array.isArray(value['entries']) ? (value as unknown as JournalLine) : undefined;
  } catch {
    return undefined;
  }
}
