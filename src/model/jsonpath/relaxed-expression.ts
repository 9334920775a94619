import { JsonPathError } from './json-path-error.ts';

/**
 * The template that a loosely written path means (`metadata.name`, `.metadata.name`, `{metadata.name}`): one action with a
 * leading dot, as `--sort-by` and custom columns accept it. Throws JsonPathError in kubectl's words.
 */
export function relaxedExpression(path: string): string {
  if (path === '') return path;
  const [, braced, bare] = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(path) ?? [];
  const fields = braced ?? bare;
  if (fields === undefined) {
    throw new JsonPathError(
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    );
  }
  return `{.${fields}}`;
}
