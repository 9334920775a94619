import { unquote } from '../../../model/go-template/unquote.ts';
import { UserError } from '../../../model/user-error.ts';

const WORD = /"(?:[^"\\]|\\.)*"|'[^']*'|[^'"\s]\S*/gs;

/** Splits a line into words as etcdctl does: at spaces, outside of 'literal' and of "Go-quoted" text. Throws UserError. */
export function splitWords(line: string): string[] {
  const words = line.match(WORD) ?? [];
  const rest = line.replaceAll(WORD, '').trim();
  if (rest !== '') throw new UserError(`invalid txn request: ${line.trim()}: a quote is not closed`);
  return words.map((word) =>
    word.startsWith("'") ? word.slice(1, -1) : word.startsWith('"') ? unquoted(word, line) : word,
  );
}

/** The text within double quotes, with Go's escapes. Bytes that are no UTF-8 are kept as go-bytes.ts has them. Throws UserError. */
export function unquoted(quoted: string, line: string): string {
  try {
    return unquote(quoted);
  } catch (error) {
    throw new UserError(`${line.trim()}: ${quoted} is not quoted as Go does`, { cause: error });
  }
}
