import { plainFlags } from './format-flags.ts';
import type { FormatFlags } from './format-flags.ts';
import { formatValue } from './format-value.ts';
import { typeName } from './go-value.ts';
import type { Concrete } from './go-value.ts';

const LARGEST_NUMBER = 1_000_000;
const FLAGS: Readonly<Record<string, 'minus' | 'plus' | 'sharp' | 'space' | 'zero'>> = {
  '-': 'minus',
  '+': 'plus',
  '#': 'sharp',
  ' ': 'space',
  '0': 'zero',
};

/** fmt.Sprintf: what does not fit a verb, or is missing or too much, is said in the text as Go says it. */
export function sprintf(format: string, args: readonly (Concrete | null)[]): string {
  return new Printf(format, args).run();
}

/** fmt.Sprint: spaces only between two values that are no strings. */
export function sprint(args: readonly (Concrete | null)[]): string {
  let text = '';
  for (const [index, arg] of args.entries()) {
    const previous = args[index - 1];
    if (index > 0 && arg?.kind !== 'string' && previous?.kind !== 'string') text += ' ';
    text += formatValue(arg, 'v', plainFlags());
  }
  return text;
}

/** fmt.Sprintln: spaces between all values, and a line feed. */
export function sprintln(args: readonly (Concrete | null)[]): string {
  return `${args.map((arg) => formatValue(arg, 'v', plainFlags())).join(' ')}\n`;
}

class Printf {
  readonly #format: string;
  readonly #args: readonly (Concrete | null)[];
  readonly #parts: string[] = [];
  #at = 0;
  #arg = 0;
  #isGoodIndex = true;
  #isReordered = false;

  constructor(format: string, args: readonly (Concrete | null)[]) {
    this.#format = format;
    this.#args = args;
  }

  run(): string {
    while (this.#at < this.#format.length) {
      const percent = this.#format.indexOf('%', this.#at);
      this.#parts.push(this.#format.slice(this.#at, percent < 0 ? undefined : percent));
      if (percent < 0) break;
      this.#at = percent + 1;
      this.#directive();
    }
    if (!this.#isReordered && this.#arg < this.#args.length) {
      const extra = this.#args.slice(this.#arg).map((arg) => {
        return arg === null ? '<nil>' : `${typeName(arg)}=${formatValue(arg, 'v', plainFlags())}`;
      });
      this.#parts.push(`%!(EXTRA ${extra.join(', ')})`);
    }
    return this.#parts.join('');
  }

  #directive(): void {
    const flags = plainFlags();
    this.#isGoodIndex = true;
    for (let flag = FLAGS[this.#here()]; flag !== undefined; flag = FLAGS[this.#here()]) {
      flags[flag] = true;
      this.#at++;
    }
    let afterIndex = this.#index();
    afterIndex = this.#width(flags, afterIndex);
    if (this.#here() === '.') {
      this.#at++;
      if (afterIndex) this.#isGoodIndex = false;
      afterIndex = this.#index();
      afterIndex = this.#precision(flags, afterIndex);
    }
    if (!afterIndex) this.#index();
    if (this.#at >= this.#format.length) {
      this.#parts.push('%!(NOVERB)');
      return;
    }
    const verb = String.fromCodePoint(this.#format.codePointAt(this.#at) ?? 0);
    this.#at += verb.length;
    this.#parts.push(this.#verb(verb, flags));
  }

  #verb(verb: string, flags: FormatFlags): string {
    if (verb === '%') return '%';
    if (!this.#isGoodIndex) return `%!${verb}(BADINDEX)`;
    const arg = this.#args[this.#arg];
    if (arg === undefined) return `%!${verb}(MISSING)`;
    this.#arg++;
    if (verb === 'v') {
      flags.syntax = flags.sharp;
      flags.sharp = false;
      flags.plus = false;
    }
    return formatValue(arg, verb, flags);
  }

  #width(flags: FormatFlags, afterIndex: boolean): boolean {
    if (this.#here() !== '*') {
      flags.width = this.#number();
      if (afterIndex && flags.width !== undefined) this.#isGoodIndex = false;
      return afterIndex;
    }
    this.#at++;
    flags.width = this.#fromArgument();
    if (flags.width === undefined) this.#parts.push('%!(BADWIDTH)');
    else if (flags.width < 0) {
      flags.width = -flags.width;
      flags.minus = true;
      flags.zero = false;
    }
    return false;
  }

  #precision(flags: FormatFlags, afterIndex: boolean): boolean {
    if (this.#here() !== '*') {
      flags.precision = this.#number() ?? 0;
      return afterIndex;
    }
    this.#at++;
    const precision = this.#fromArgument();
    flags.precision = precision === undefined || precision < 0 ? undefined : precision;
    if (flags.precision === undefined) this.#parts.push('%!(BADPREC)');
    return false;
  }

  #here(): string {
    return this.#format.charAt(this.#at);
  }

  /** A number in the format; one that is too large swallows the rest of the format, as in Go. */
  #number(): number | undefined {
    const [digits = ''] = /^\d*/.exec(this.#format.slice(this.#at, this.#at + 16)) ?? [];
    if (digits === '') return undefined;
    const tooLarge = Array.from(digits).some((_, index) => Number(digits.slice(0, index)) > LARGEST_NUMBER);
    this.#at = tooLarge ? this.#format.length : this.#at + digits.length;
    return tooLarge ? undefined : Number(digits);
  }

  /** A width or precision that is given as an argument. */
  #fromArgument(): number | undefined {
    const arg = this.#args[this.#arg];
    if (this.#arg < this.#args.length) this.#arg++;
    if (arg?.kind !== 'int' && arg?.kind !== 'int64' && arg?.kind !== 'uint8') return undefined;
    const number = Number(arg.value);
    return Math.abs(number) > LARGEST_NUMBER ? undefined : number;
  }

  /** An explicit argument index such as `[3]`; whether there was one. */
  #index(): boolean {
    if (this.#here() !== '[') return false;
    this.#isReordered = true;
    const close = this.#format.indexOf(']', this.#at);
    if (close < 0) {
      this.#at++;
      this.#isGoodIndex = false;
      return false;
    }
    const text = this.#format.slice(this.#at + 1, close);
    this.#at = close + 1;
    const index = /^\d{1,7}$/.test(text) ? Number(text) - 1 : Number.NaN;
    if (index >= 0 && index < this.#args.length) {
      this.#arg = index;
      return true;
    }
    this.#isGoodIndex = false;
    return !Number.isNaN(index);
  }
}
