import { childPath, keyPath } from '../field-path.ts';
import { type Schema, valueSchemaOf } from './schema.ts';

/** A path that a schema has, as errors print it, and what is there; or why it has none. */
export type SchemaField = { readonly path: string; readonly schema: Schema | undefined } | { readonly problem: string };

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  "'": "'",
  '\\': '\\',
};

/** Follows a path of fields and map keys (`.spec.foo`, `['a-b']`) through a schema (ValidFieldPath). */
export function schemaFieldPath(text: string, root: Schema, brackets = true): SchemaField {
  let found: { path: string; schema: Schema | undefined } = { path: '', schema: root };
  const tokens = tokensOf(text);
  for (let at = 0; at < tokens.length; at++) {
    const step = stepAt(tokens, at, brackets);
    if ('problem' in step) return step;
    const next = follow(found, step.name);
    if (next === undefined) return { problem: 'does not refer to a valid field' };
    found = next;
    at = step.last;
  }
  return found;
}

function follow(
  { path, schema }: { path: string; schema: Schema | undefined },
  name: string,
): { path: string; schema: Schema | undefined } | undefined {
  if (schema === undefined) return undefined;
  if (schema.properties.size > 0) {
    const property = schema.properties.get(name);
    return property === undefined ? undefined : { path: childPath(path, name), schema: property };
  }
  if (schema.additionalProperties === undefined) return undefined;
  return { path: keyPath(path, name), schema: valueSchemaOf(schema) };
}

function stepAt(tokens: readonly string[], at: number, brackets: boolean): Step {
  const token = tokens[at] ?? '';
  if (token === '.') return dotStep(tokens, at);
  return token === '[' ? bracketStep(tokens, at, brackets) : { problem: `expected [ or . but got: ${token}` };
}

type Step = { readonly name: string; readonly last: number } | { readonly problem: string };

function dotStep(tokens: readonly string[], at: number): Step {
  const name = tokens[at + 1];
  return name === undefined ? { problem: 'unexpected end of JSON path' } : { name, last: at + 1 };
}

function bracketStep(tokens: readonly string[], at: number, brackets: boolean): Step {
  if (!brackets) return { problem: 'array notation is not allowed' };
  const quoted = tokens[at + 1];
  if (quoted === undefined) return { problem: 'unexpected end of JSON path' };
  if (!/^'.*'$/s.test(quoted)) return { problem: `expected single quoted string but got ${quoted}` };
  let problem: string | undefined;
  const name = quoted.slice(1, -1).replaceAll(/\\(.)/g, (escape: string, letter: string) => {
    const meant = ESCAPES[letter];
    if (meant === undefined) problem = `invalid string literal: invalid escape char ${escape}`;
    return meant ?? '';
  });
  if (problem !== undefined) return { problem };
  const close = tokens[at + 2];
  if (close === undefined) return { problem: 'unexpected end of JSON path' };
  return close === ']' ? { name, last: at + 2 } : { problem: `expected ] but got ${close}` };
}

/** Delimiters, quoted texts, and what is between delimiters. */
function tokensOf(text: string): string[] {
  return text.match(/'(?:\\.|[^'\\])*'|[.[\]]|[^.[\]']+|'.*$/gs) ?? [];
}
