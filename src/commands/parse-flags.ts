import { FlagError } from './flag-error.ts';
import type { Flag } from './flag.ts';

/** A command line taken apart. */
export interface ParsedArguments {
  /** Positional arguments in order, those after `--` included. */
  readonly args: string[];
  /** The values of each flag that was given, in order, each checked against the flag's type. */
  readonly given: Map<string, string[]>;
  readonly argsBeforeDash: number | undefined;
  readonly help: boolean;
}

/**
 * Reads arguments as spf13/pflag does: `--name value`, `--name=value`, `-n value`, `-nvalue`, `-n=value`, grouped short
 * flags, bools that take a value only after `=`, flags and arguments in any order, `--` ends flags; names
 * may have underscores for dashes. Throws FlagError in
 * pflag's words.
 */
export function parseFlags(argv: readonly string[], flags: readonly Flag[]): ParsedArguments {
  return new FlagParser(argv, flags).parse();
}

class FlagParser {
  readonly #argv: readonly string[];
  readonly #long: ReadonlyMap<string, Flag>;
  readonly #short: ReadonlyMap<string, Flag>;
  readonly #args: string[] = [];
  readonly #given = new Map<string, string[]>();
  #help = false;
  #next = 0;

  constructor(argv: readonly string[], flags: readonly Flag[]) {
    this.#argv = argv;
    this.#long = new Map(flags.map((flag) => [flag.name, flag]));
    this.#short = new Map(flags.flatMap((flag) => (flag.short === undefined ? [] : [[flag.short, flag] as const])));
  }

  parse(): ParsedArguments {
    let argsBeforeDash: number | undefined;
    while (this.#next < this.#argv.length) {
      const word = this.#argv[this.#next++] ?? '';
      if (word === '--') {
        argsBeforeDash = this.#args.length;
        this.#args.push(...this.#argv.slice(this.#next));
        break;
      }
      if (word.startsWith('--')) this.#longFlag(word);
      else if (word.startsWith('-') && word.length > 1) this.#shortFlags(word);
      else this.#args.push(word);
    }
    return { args: this.#args, given: this.#given, argsBeforeDash, help: this.#help };
  }

  #longFlag(word: string): void {
    const [name, value] = splitOnce(word.slice(2));
    if (name === '' || name.startsWith('-')) throw new FlagError(`bad flag syntax: ${word}`);
    const flag = this.#long.get(dashedName(name));
    if (flag === undefined) {
      if (name === 'help') this.#help = true;
      else throw new FlagError(`unknown flag: --${name}`);
      return;
    }
    const bare = bareValue(flag);
    if (value !== undefined) this.#set(flag, value);
    else if (bare !== undefined) this.#set(flag, bare);
    else if (this.#next < this.#argv.length) this.#set(flag, this.#argv[this.#next++] ?? '');
    else throw new FlagError(`flag needs an argument: --${name}`);
  }

  #shortFlags(word: string): void {
    let rest = word.slice(1);
    while (rest !== '') {
      const letter = rest[0] ?? '';
      rest = rest.slice(1);
      const flag = this.#short.get(letter);
      if (flag === undefined) {
        if (letter !== 'h') throw new FlagError(`unknown shorthand flag: '${letter}' in -${letter}${rest}`);
        this.#help = true;
        return;
      }
      const bare = bareValue(flag);
      if (rest.startsWith('=')) {
        this.#set(flag, rest.slice(1));
        return;
      }
      if (bare !== undefined) {
        this.#set(flag, bare);
        continue;
      }
      if (rest !== '') this.#set(flag, rest);
      else if (this.#next < this.#argv.length) this.#set(flag, this.#argv[this.#next++] ?? '');
      else throw new FlagError(`flag needs an argument: '${letter}' in -${letter}`);
      return;
    }
  }

  #set(flag: Flag, text: string): void {
    const value = checkedValue(flag, text);
    const values = this.#given.get(flag.name);
    if (values === undefined) this.#given.set(flag.name, [value]);
    else values.push(value);
  }
}

/** A flag's name as kubectl compares names: underscores are dashes. */
export function dashedName(name: string): string {
  return name.replaceAll('_', '-');
}

/** The value of a flag that stands alone; undefined when it needs one. */
export function bareValue(flag: Flag): string | undefined {
  return flag.bare ?? (flag.type === 'bool' ? 'true' : undefined);
}

function splitOnce(text: string): [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

function checkedValue(flag: Flag, text: string): string {
  switch (flag.type) {
    case 'bool':
      if (TRUE.has(text)) return 'true';
      if (FALSE.has(text)) return 'false';
      throw invalid(flag, text, `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
    case 'int':
    case 'int64':
      return String(parseInteger(flag, text));
    case 'duration':
      if (!/^[-+]?(0|(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(text)) {
        throw invalid(
          flag,
          text,
          text === '' || /\d$/.test(text) ? durationProblem(text) : `time: invalid duration ${JSON.stringify(text)}`,
        );
      }
      return text;
    case 'string':
    case 'stringList':
    case 'stringArray':
      return text;
  }
}

function durationProblem(text: string): string {
  return text === '' ? 'time: invalid duration ""' : `time: missing unit in duration ${JSON.stringify(text)}`;
}

function parseInteger(flag: Flag, text: string): number {
  const digits = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[1-9][0-9]*|0)$/.exec(text.replaceAll('_', ''));
  if (digits === null) throw invalid(flag, text, `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  const sign = text.startsWith('-') ? -1 : 1;
  const magnitude = text.replace(/^[-+]/, '').replace(/^0(?=[0-7])/, '0o');
  const value = sign * Number(magnitude);
  // Revisions are 64 bits wide; those beyond 2^53 are a thousand years of writing away, and would not be exact.
  if (!Number.isSafeInteger(value) || (flag.type === 'int' && Math.abs(value) > 2 ** 31)) {
    throw invalid(flag, text, `strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`);
  }
  return value;
}

function invalid(flag: Flag, text: string, why: string): FlagError {
  const name = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
  return new FlagError(`invalid argument ${JSON.stringify(text)} for ${JSON.stringify(name)} flag: ${why}`);
}
