import { terminalBytes, terminalText } from '../model/terminal-text.ts';
import type { TextSink } from './resource-printer.ts';

/** An output on which no control character reaches a terminal. What is no terminal gets every byte. */
export function visibleOutput(out: TextSink): TextSink {
  if (out.isTerminal !== true) return out;
  return { write: (text) => out.write(typeof text === 'string' ? terminalText(text) : terminalBytes(text)) };
}
