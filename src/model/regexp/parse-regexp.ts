import { foldingCase, perlClass, posixClass, unicodeClass } from './character-class.ts';
import { RegexpError } from './regexp-error.ts';
import type { Assertion, CharacterTest, RegexpNode } from './regexp-node.ts';

const MOST_REPEATS = 1000;
const DEEPEST = 1000;
const EMPTY: RegexpNode = { type: 'empty' };

const ESCAPED_CHARACTERS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };
const ESCAPED_ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'text-begin',
  z: 'text-end',
  b: 'word',
  B: 'not-word',
};

interface Flags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

/** Reads an expression of Go's syntax (RE2): no back references, no looking ahead. Throws RegexpError. */
export function parseRegexp(pattern: string): RegexpNode {
  const parser = new RegexpParser(pattern);
  return parser.parse();
}

class RegexpParser {
  readonly #pattern: string;
  readonly #characters: readonly string[];
  #at = 0;
  #depth = 0;
  #flags: Flags = { ignoreCase: false, multiLine: false, dotAll: false, ungreedy: false };

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#characters = Array.from(pattern);
  }

  parse(): RegexpNode {
    const node = this.#choice();
    if (this.#at < this.#characters.length) throw new RegexpError('unexpected )', this.#pattern);
    return node;
  }

  #choice(): RegexpNode {
    if (++this.#depth > DEEPEST) throw new RegexpError('expression nests too deeply', this.#pattern);
    const flags = this.#flags;
    const nodes = [this.#sequence()];
    while (this.#take('|')) nodes.push(this.#sequence());
    this.#flags = flags;
    this.#depth--;
    const [only] = nodes;
    return nodes.length === 1 && only !== undefined ? only : { type: 'choice', nodes };
  }

  #sequence(): RegexpNode {
    const nodes: RegexpNode[] = [];
    while (this.#at < this.#characters.length && this.#peek() !== '|' && this.#peek() !== ')') {
      const start = this.#at;
      if (this.#repetitionAhead()) throw new RegexpError('missing argument to repetition operator', this.#operator());
      const node = this.#atom();
      if (node !== undefined) nodes.push(this.#repeated(node, start));
    }
    return { type: 'sequence', nodes };
  }

  #repetitionAhead(): boolean {
    const next = this.#peek();
    return next === '*' || next === '+' || next === '?' || (next === '{' && this.#bounds() !== undefined);
  }

  /** The text of the operator ahead. */
  #operator(): string {
    return this.#peek() === '{' ? (this.#bounds()?.text ?? '{') : this.#peek();
  }

  #repeated(node: RegexpNode, start: number): RegexpNode {
    if (!this.#repetitionAhead()) return node;
    const begin = this.#at;
    const { least, most } = this.#repetition();
    const lazy = this.#take('?') !== this.#flags.ungreedy;
    if (this.#repetitionAhead()) {
      const operator = this.#operator();
      this.#at += operator.length;
      const text = this.#characters.slice(begin, this.#at).join('');
      throw new RegexpError('invalid nested repetition operator', text);
    }
    const repeated: RegexpNode = { type: 'repeat', node, least, most, lazy };
    if (repeatSize(repeated) > MOST_REPEATS) {
      throw new RegexpError('invalid repeat count', this.#characters.slice(start, this.#at).join(''));
    }
    return repeated;
  }

  #repetition(): { least: number; most: number } {
    if (this.#take('*')) return { least: 0, most: Infinity };
    if (this.#take('+')) return { least: 1, most: Infinity };
    if (this.#take('?')) return { least: 0, most: 1 };
    const bounds = this.#bounds() ?? { least: 0, most: 0, text: '' };
    const { least, most, text } = bounds;
    const greatest = most === Infinity ? least : most;
    if (least > MOST_REPEATS || greatest > MOST_REPEATS || most < least) {
      throw new RegexpError('invalid repeat count', text);
    }
    this.#at += text.length;
    return bounds;
  }

  /** `{n}`, `{n,}` or `{n,m}` ahead; anything else is literal text. */
  #bounds(): { least: number; most: number; text: string } | undefined {
    const ahead = this.#characters.slice(this.#at, this.#at + 30).join('');
    const found = /^\{(\d+)(?:(,)(\d*))?\}/.exec(ahead);
    if (found === null) return undefined;
    const [text, least = '', comma, most = ''] = found;
    const end = most === '' ? Infinity : Number(most);
    return { text, least: Number(least), most: comma === undefined ? Number(least) : end };
  }

  #atom(): RegexpNode | undefined {
    const character = this.#next();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return this.#character(this.#bracket());
      case '.':
        return this.#character(this.#flags.dotAll ? () => true : (code) => code !== 10);
      case '^':
        return { type: 'assertion', assertion: this.#flags.multiLine ? 'line-begin' : 'text-begin' };
      case '$':
        return { type: 'assertion', assertion: this.#flags.multiLine ? 'line-end' : 'text-end' };
      case '\\':
        return this.#escape();
      default:
        return this.#literal(character.codePointAt(0) ?? 0);
    }
  }

  #literal(code: number): RegexpNode {
    return this.#character((each) => each === code);
  }

  #character(test: CharacterTest): RegexpNode {
    return { type: 'character', test: this.#flags.ignoreCase ? foldingCase(test) : test };
  }

  #group(): RegexpNode | undefined {
    const flags = this.#flags;
    if (this.#peek() === '?') {
      const begin = this.#at - 1;
      if (!this.#groupHead(begin)) return undefined;
    }
    const node = this.#choice();
    if (!this.#take(')')) throw new RegexpError('missing closing )', this.#pattern);
    this.#flags = flags;
    return node;
  }

  /** `?:`, a name, or flags; answers false for flags that stand alone, as they hold for what follows. */
  #groupHead(begin: number): boolean {
    const ahead = this.#characters.slice(this.#at, this.#at + 200).join('');
    const name = /^\?P?<([^>]*)>/.exec(ahead);
    if (name !== null) {
      if (!/^\w+$/.test(name[1] ?? '')) throw new RegexpError('invalid named capture', `(${name[0]}`);
      this.#at += Array.from(name[0]).length;
      return true;
    }
    const flags = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(ahead);
    if (flags === null || flags[0] === '?)') {
      throw new RegexpError('invalid or unsupported Perl syntax', this.#perlText(begin));
    }
    this.#at += flags[0].length;
    this.#setFlags(flags[1] ?? '', true);
    this.#setFlags(flags[2] ?? '', false);
    return flags[3] === ':';
  }

  #perlText(begin: number): string {
    const text = this.#characters.slice(begin).join('');
    return /^\(\?(?:P?<|P=|[imsU-]*.?)/.exec(text)?.[0] ?? text;
  }

  #setFlags(letters: string, value: boolean): void {
    const has = (letter: string, now: boolean): boolean => (letters.includes(letter) ? value : now);
    const { ignoreCase, multiLine, dotAll, ungreedy } = this.#flags;
    this.#flags = {
      ignoreCase: has('i', ignoreCase),
      multiLine: has('m', multiLine),
      dotAll: has('s', dotAll),
      ungreedy: has('U', ungreedy),
    };
  }

  #escape(): RegexpNode {
    const letter = this.#peek();
    const assertion = ESCAPED_ASSERTIONS[letter];
    if (assertion !== undefined) {
      this.#at++;
      return { type: 'assertion', assertion };
    }
    if (letter === 'Q') return this.#quoted();
    const escaped = this.#escapedClass();
    return escaped === undefined ? this.#literal(this.#escapedCharacter()) : this.#character(escaped);
  }

  /** `\Q … \E`: literal text. */
  #quoted(): RegexpNode {
    this.#at++;
    const nodes: RegexpNode[] = [];
    while (this.#at < this.#characters.length) {
      if (this.#peek() === '\\' && this.#characters[this.#at + 1] === 'E') {
        this.#at += 2;
        break;
      }
      nodes.push(this.#literal(this.#next().codePointAt(0) ?? 0));
    }
    return nodes.length === 0 ? EMPTY : { type: 'sequence', nodes };
  }

  /** The class of `\d` or `\pL` ahead, after its backslash. */
  #escapedClass(): CharacterTest | undefined {
    const letter = this.#peek();
    if (letter === 'p' || letter === 'P') {
      const rest = this.#characters.slice(this.#at + 1, this.#at + 50).join('');
      const [text = '', braced, bare = ''] = /^(?:\{([^}]*)\}|(.))/u.exec(rest) ?? [];
      const test = unicodeClass(braced ?? bare, letter === 'P');
      if (test === undefined) throw new RegexpError('invalid character class range', `\\${letter}${text}`);
      this.#at += 1 + Array.from(text).length;
      return test;
    }
    const test = perlClass(letter);
    if (test !== undefined) this.#at++;
    return test;
  }

  /** The one character that an escape means, after its backslash. */
  #escapedCharacter(): number {
    if (this.#at >= this.#characters.length) throw new RegexpError('trailing backslash at end of expression', '');
    const rest = this.#characters.slice(this.#at, this.#at + 12).join('');
    const hex = /^x(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{2}))/.exec(rest);
    const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
    const letter = this.#next();
    if (hex !== null) {
      this.#at += hex[0].length - 1;
      const code = Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
      if (code > 0x10ffff) throw new RegexpError('invalid escape sequence', `\\${hex[0]}`);
      return code;
    }
    if (octal !== null) {
      this.#at += octal[0].length - 1;
      return Number.parseInt(octal[0], 8);
    }
    const known = ESCAPED_CHARACTERS[letter];
    if (known !== undefined) return known;
    const code = letter.codePointAt(0) ?? 0;
    if (code < 0x80 && !/\w/.test(letter)) return code;
    throw new RegexpError('invalid escape sequence', `\\${letter}`);
  }

  #bracket(): CharacterTest {
    const begin = this.#at - 1;
    const negated = this.#take('^');
    const tests: CharacterTest[] = [];
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      if (this.#at >= this.#characters.length) {
        throw new RegexpError('missing closing ]', this.#characters.slice(begin).join(''));
      }
      tests.push(this.#bracketItem());
    }
    this.#at++;
    const fold = this.#flags.ignoreCase;
    const among: CharacterTest = (code) => tests.some((test) => test(code));
    if (!negated) return among;
    const folded = fold ? foldingCase(among) : among;
    return (code) => !folded(code);
  }

  #bracketItem(): CharacterTest {
    const rest = this.#characters.slice(this.#at, this.#at + 20).join('');
    const posix = /^\[:(\^?\w*):\]/.exec(rest);
    if (posix !== null) {
      const test = posixClass(posix[1] ?? '');
      if (test === undefined) throw new RegexpError('invalid character class range', posix[0]);
      this.#at += posix[0].length;
      return test;
    }
    if (this.#peek() === '\\') {
      this.#at++;
      const test = this.#escapedClass();
      if (test !== undefined) return test;
      this.#at--;
    }
    return this.#bracketRange();
  }

  #bracketRange(): CharacterTest {
    const begin = this.#at;
    const low = this.#bracketCharacter();
    if (this.#peek() !== '-' || (this.#characters[this.#at + 1] ?? ']') === ']') return (code) => code === low;
    this.#at++;
    const high = this.#bracketCharacter();
    if (high < low) {
      throw new RegexpError('invalid character class range', this.#characters.slice(begin, this.#at).join(''));
    }
    return (code) => code >= low && code <= high;
  }

  #bracketCharacter(): number {
    if (this.#take('\\')) return this.#escapedCharacter();
    return this.#next().codePointAt(0) ?? 0;
  }

  #peek(): string {
    return this.#characters[this.#at] ?? '';
  }

  #next(): string {
    return this.#characters[this.#at++] ?? '';
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }
}

/** How often the innermost part of nested repetitions is repeated. */
function repeatSize(node: RegexpNode): number {
  if (node.type === 'sequence' || node.type === 'choice') return Math.max(1, ...node.nodes.map(repeatSize));
  if (node.type !== 'repeat') return 1;
  const times = node.most === Infinity ? node.least : node.most;
  return Math.max(times, 1) * repeatSize(node.node);
}
