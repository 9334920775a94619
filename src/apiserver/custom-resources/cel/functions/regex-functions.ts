import { RegexpError } from '../../../../model/regexp/regexp-error.ts';
import { Regexp } from '../../../../model/regexp/regexp.ts';
import { CelError } from '../cel-error.ts';
import type { FunctionTable } from './function-table.ts';

/** How many expressions are kept compiled. */
const KEPT = 100;

/** `matches` and Kubernetes' find and findAll, with Go's regular expressions; each expression is compiled once. */
export function regexFunctions(): FunctionTable {
  const kept = new Map<string, Regexp>();
  const compiled = (pattern: string): Regexp => {
    const known = kept.get(pattern);
    if (known !== undefined) return known;
    const regexp = compile(pattern);
    if (kept.size >= KEPT) kept.clear();
    kept.set(pattern, regexp);
    return regexp;
  };
  const findAll = (text: string, pattern: string, most: number): string[] =>
    compiled(pattern)
      .findAll(text, most)
      .map(({ start, end }) => text.slice(start, end));
  return {
    'matches(string, string): bool': (text: string, pattern: string) => compiled(pattern).test(text),
    'string.matches(string): bool': (text: string, pattern: string) => compiled(pattern).test(text),
    'string.find(string): string': (text: string, pattern: string) => findAll(text, pattern, 1)[0] ?? '',
    'string.findAll(string): list<string>': (text: string, pattern: string) => findAll(text, pattern, Infinity),
    'string.findAll(string, int): list<string>': (text: string, pattern: string, most: bigint) =>
      findAll(text, pattern, most < 0n ? Infinity : Number(most)),
  };
}

function compile(pattern: string): Regexp {
  try {
    return new Regexp(pattern);
  } catch (error) {
    if (error instanceof RegexpError) throw new CelError(error.message);
    throw error;
  }
}
