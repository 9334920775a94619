import type { Streams } from './commands/context.ts';

/** What main.ts gives the program of the process around it. */
export interface World {
  readonly programName: string;
  readonly streams: Streams;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly homeFolder: string;
  /** The program's own file, by which plugins run it again. */
  readonly programFile: string;
  /** The process' number, for log lines. */
  readonly pid?: number;
  /** What the process has used until now. */
  readonly usage?: () => { readonly cpuSeconds: number; readonly residentBytes: number; readonly startSeconds: number };
  now(): Date;
}
