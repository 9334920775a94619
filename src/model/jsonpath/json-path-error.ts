/** A JSONPath template that cannot be read, or cannot be evaluated on a value. The message is client-go's. */
export class JsonPathError extends Error {
  override readonly name: string = 'JsonPathError';
}
