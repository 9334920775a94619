/**
 * A boolean parameter of a request as apimachinery reads it: undefined when it is absent, false for `0` and `false` however
 * it is written, true for anything else, also for nothing (`?watch`). Python's clients send `True`.
 */
export function queryBoolean(query: URLSearchParams | undefined, name: string): boolean | undefined {
  const text = query?.get(name) ?? undefined;
  return text === undefined ? undefined : text !== '0' && text.toLowerCase() !== 'false';
}
