import type { Context, OutputStream } from './context.ts';

/** A context whose output is kept back until `release`, so that what tasks write at the same time does not mix. */
export interface HeldContext {
  readonly context: Context;
  /** Writes what was kept back, in the order in which it was written. */
  release(): void;
}

/** Like `context`, with its output and warnings held back. */
export function holdOutput(context: Context): HeldContext {
  const held: (() => void)[] = [];
  const holding = (stream: OutputStream): OutputStream => ({
    isTerminal: stream.isTerminal,
    columns: stream.columns,
    write: (text) => void held.push(() => stream.write(text)),
  });
  const { streams } = context;
  return {
    context: {
      ...context,
      streams: { in: streams.in, out: holding(streams.out), err: holding(streams.err) },
      warn: (text) => void held.push(() => context.warn(text)),
    },
    release() {
      for (const write of held.splice(0)) write();
    },
  };
}
