import { RegexpError } from '../../../model/regexp/regexp-error.ts';
import { Regexp } from '../../../model/regexp/regexp.ts';

/** A schema's pattern, or why it is none. */
export function compilePattern(pattern: string): Regexp | string {
  try {
    return new Regexp(pattern);
  } catch (error) {
    if (error instanceof RegexpError) return error.message;
    throw error;
  }
}
