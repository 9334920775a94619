/** Why a body cannot be an object of its kind, in the words of Go's JSON decoder. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}
