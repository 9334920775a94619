import type { CharacterTest } from './regexp-node.ts';

const DIGIT = '0-9';
const SPACE = '\\t\\n\\f\\r ';
const WORD = '0-9A-Za-z_';

/** The classes of `[[:name:]]`, all of them ASCII. */
const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: DIGIT,
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: WORD,
  xdigit: '0-9A-Fa-f',
};

const PERL: Readonly<Record<string, string>> = { d: DIGIT, s: SPACE, w: WORD };

/** The class of `\d`, `\S` …; undefined for a letter that names none. */
export function perlClass(letter: string): CharacterTest | undefined {
  const set = PERL[letter.toLowerCase()];
  if (set === undefined) return undefined;
  return setTest(set, letter !== letter.toLowerCase());
}

/** The class of `[:alpha:]` or `[:^alpha:]`; undefined for a name that is none. */
export function posixClass(name: string): CharacterTest | undefined {
  const negated = name.startsWith('^');
  const set = POSIX[negated ? name.slice(1) : name];
  return set === undefined ? undefined : setTest(set, negated);
}

/** The class of `\pL` or `\p{Greek}`: a general category or a script; undefined when there is none of that name. */
export function unicodeClass(name: string, negated: boolean): CharacterTest | undefined {
  const wanted = name.startsWith('^') ? name.slice(1) : name;
  const not = negated !== name.startsWith('^');
  if (wanted === 'Any') return () => !not;
  if (!/^\w+$/.test(wanted)) return undefined;
  for (const property of [`\\p{${wanted}}`, `\\p{Script=${wanted}}`]) {
    try {
      const pattern = new RegExp(`^${property}$`, 'u');
      return (character) => pattern.test(String.fromCodePoint(character)) !== not;
    } catch {
      // Not a general category; a script may have that name.
    }
  }
  return undefined;
}

/** A class that also holds the other case of each of its characters. */
export function foldingCase(test: CharacterTest): CharacterTest {
  return (character) => {
    if (test(character)) return true;
    const text = String.fromCodePoint(character);
    return [text.toLowerCase(), text.toUpperCase()].some((other) => {
      const code = other.codePointAt(0) ?? -1;
      return code !== character && Array.from(other).length === 1 && test(code);
    });
  };
}

function setTest(set: string, negated: boolean): CharacterTest {
  const pattern = new RegExp(`^[${set}]$`, 'u');
  const ascii = Array.from({ length: 128 }, (_, code) => pattern.test(String.fromCharCode(code)));
  return (character) => (ascii[character] ?? false) !== negated;
}
