/** Why a function of an expression has no result, in cel-go's words. */
export class CelError extends Error {
  override readonly name = 'CelError';
}
