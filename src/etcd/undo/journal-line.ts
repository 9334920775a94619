/** What journal files' names end with. */
export const JOURNAL_FILE = '.undo.jsonl';

/** An old value, as a line of a journal. Key and value are base64 of the bytes, the lease is hexadecimal. */
export interface JournalEntry {
  readonly entry: number;
  readonly time: string;
  readonly change: 'put' | 'delete';
  readonly key: string;
  readonly value: string;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
  readonly lease?: string;
}

/** What became of entries: replaced at a revision, not replaced, or brought back at a revision. */
export interface JournalOutcome {
  readonly entries: readonly number[];
  readonly revision?: number;
  readonly dropped?: true;
  readonly undone?: number;
}

export type JournalLine = JournalEntry | JournalOutcome;
