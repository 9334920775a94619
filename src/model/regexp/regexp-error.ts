/** Why a text is no regular expression, in the words of Go's regexp/syntax: `missing closing ]: `[a``. */
export class RegexpError extends Error {
  override readonly name = 'RegexpError';

  constructor(code: string, fragment: string) {
    super(`error parsing regexp: ${code}: \`${fragment}\``);
  }
}
