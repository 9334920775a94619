import { RegexpError } from '../model/regexp/regexp-error.ts';
import { Regexp } from '../model/regexp/regexp.ts';
import { KustomizeError } from './kustomize-error.ts';

/** A Go regular expression, on the engine that none hangs. Throws KustomizeError for what is none. */
export function goRegexp(pattern: string): Regexp {
  try {
    return new Regexp(pattern);
  } catch (error) {
    throw error instanceof RegexpError ? new KustomizeError(error.message) : error;
  }
}

/** A pattern that must match all of a text; undefined matches anything. */
export function anchoredRegexp(pattern: string): Regexp | undefined {
  return pattern === '' ? undefined : goRegexp(`^(?:${pattern})$`);
}
