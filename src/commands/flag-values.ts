import type { Flag } from './flag.ts';
import { UserError } from '../model/user-error.ts';

/** The flags of one invocation, read by name. Asking for a flag that the command does not define is a programming error. */
export class FlagValues {
  readonly #flags: ReadonlyMap<string, Flag>;
  readonly #given: ReadonlyMap<string, readonly string[]>;

  constructor(flags: readonly Flag[], given: ReadonlyMap<string, readonly string[]>) {
    this.#flags = new Map(flags.map((flag) => [flag.name, flag]));
    this.#given = given;
  }

  /** Whether the flag was on the command line. */
  changed(name: string): boolean {
    this.#flag(name);
    return this.#given.has(name);
  }

  string(name: string): string {
    return this.#last(name) ?? this.#flag(name).default ?? '';
  }

  /** The flag's text when it was given, else undefined. */
  given(name: string): string | undefined {
    this.#flag(name);
    return this.#last(name);
  }

  bool(name: string): boolean {
    return (this.#last(name) ?? this.#flag(name).default ?? 'false') === 'true';
  }

  int(name: string): number {
    return Number(this.#last(name) ?? this.#flag(name).default ?? '0');
  }

  /** Every value, in order: split at commas for a stringList (CSV quoting as pflag reads it), as given for a stringArray. */
  list(name: string): string[] {
    const flag = this.#flag(name);
    const values = this.#given.get(name) ?? (flag.default === undefined || flag.default === '[]' ? [] : [flag.default]);
    return flag.type === 'stringList' ? values.flatMap((value) => splitCsv(name, value)) : [...values];
  }

  /** Whether the command has the flag. */
  defines(name: string): boolean {
    return this.#flags.has(name);
  }

  /**
   * The values of these flags alone; one that the command has under the same name for itself counts as not given, and one
   * that stands for another gives its value to that.
   */
  only(flags: readonly Flag[]): FlagValues {
    const own = [...this.#given].filter(([name]) =>
      flags.some((flag) => flag.name === name && this.#flags.get(name) === flag),
    );
    const standing = [...this.#given].flatMap(([name, values]) => {
      const target = this.#flags.get(name)?.standsFor;
      return target === undefined || !flags.some((flag) => flag.name === target) ? [] : [[target, values] as const];
    });
    return new FlagValues(flags, new Map([...standing, ...own]));
  }

  #last(name: string): string | undefined {
    return this.#given.get(name)?.at(-1);
  }

  #flag(name: string): Flag {
    const flag = this.#flags.get(name);
    if (flag === undefined) throw new Error(`flag --${name} is not defined`);
    return flag;
  }
}

function splitCsv(name: string, text: string): string[] {
  if (text === '') return [];
  const values: string[] = [];
  let rest = text;
  for (;;) {
    const field = /^(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/.exec(rest);
    if (field === null) {
      throw new UserError(
        `invalid argument "${text}" for "--${name}" flag: parse error on line 1, column 1: bare " in non-quoted-field`,
      );
    }
    values.push(field[1] === undefined ? (field[2] ?? '') : field[1].replaceAll('""', '"'));
    if (field[3] === '') return values;
    rest = rest.slice(field[0].length);
  }
}
