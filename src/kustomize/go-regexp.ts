import { KustomizeError } from './kustomize-error.ts';

const LEADING_FLAGS = /^\(\?([ims]+)\)/;

/** A Go regular expression. Flags are understood at its start. Throws KustomizeError for what is none. */
export function goRegexp(pattern: string): RegExp {
  const flags = LEADING_FLAGS.exec(pattern);
  const body = (flags === null ? pattern : pattern.slice(flags[0].length)).replaceAll('(?P<', '(?<');
  try {
    return new RegExp(body, flags?.[1] ?? '');
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /s, '') : String(error);
    throw new KustomizeError(`error parsing regexp: ${reason}: \`${pattern}\``);
  }
}

/** A pattern that must match all of a text; undefined matches anything. */
export function anchoredRegexp(pattern: string): RegExp | undefined {
  if (pattern === '') return undefined;
  const flags = LEADING_FLAGS.exec(pattern)?.[0] ?? '';
  return goRegexp(`${flags}^(?:${pattern.slice(flags.length)})$`);
}
