import { goLength } from './go-bytes.ts';

/** How a `%` directive of Go's fmt wants its value. */
export interface FormatFlags {
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%#v`: Go syntax. */
  syntax: boolean;
  width: number | undefined;
  precision: number | undefined;
}

export function plainFlags(): FormatFlags {
  return {
    minus: false,
    plus: false,
    sharp: false,
    space: false,
    zero: false,
    syntax: false,
    width: undefined,
    precision: undefined,
  };
}

/** Fills a text up to the wanted width, which counts characters. Zeros go to the left only. */
export function pad(text: string, flags: FormatFlags): string {
  if (flags.width === undefined || flags.width === 0) return text;
  const missing = flags.width - (goLength(text) === text.length ? text.length : Array.from(text).length);
  if (missing <= 0) return text;
  if (flags.minus) return text + ' '.repeat(missing);
  return (flags.zero ? '0' : ' ').repeat(missing) + text;
}
