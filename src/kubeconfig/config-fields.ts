import { isJsonObject } from '../model/json-value.ts';
import { UserError } from '../model/user-error.ts';
import type { ConfigType, FieldKind } from './config-schema.ts';

export type Fields = Readonly<Record<string, unknown>>;

/**
 * The fields of a struct in the one form that files are written in: in Go's order, empty ones left out or written as
 * empty, fields that are not known after them as they were. Throws UserError, in Go's words, for a value of the wrong type;
 * `path` is where the struct stands (`clusters.cluster`), `owner` the type of what it stands in (`NamedCluster`).
 */
export function normalizedFields(value: unknown, type: ConfigType, owner: string, path: string): Fields {
  if (value !== undefined && value !== null && !isJsonObject(value)) {
    throw wrongType(value, `${owner}.${path}`, `v1.${type.name}`);
  }
  const given = value ?? {};
  const known = type.fields.flatMap(({ name, kind, omitEmpty }): [string, unknown][] => {
    const field = given[name];
    const read =
      field === undefined || field === null ? emptyOf(kind) : checked(field, kind, type.name, `${path}.${name}`);
    return omitEmpty && isEmpty(read) ? [] : [[name, read]];
  });
  const names = new Set(type.fields.map(({ name }) => name));
  const unknown = Object.entries(given).filter(([name]) => !names.has(name));
  return Object.fromEntries([...known, ...unknown]);
}

/** What Go has where nothing was given. */
function emptyOf(kind: FieldKind): unknown {
  if (kind === 'string' || kind === 'bytes') return '';
  return kind === 'bool' ? false : null;
}

function isEmpty(value: unknown): boolean {
  if (value === '' || value === false || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return false;
}

function checked(value: unknown, kind: FieldKind, owner: string, path: string): unknown {
  if (typeof kind === 'object') return normalizedFields(value, kind, owner, path);
  const { goType, fits } = KINDS[kind];
  if (!fits(value)) throw wrongType(value, `${owner}.${path}`, goType);
  return kind === 'bytes' ? normalBase64(String(value)) : value;
}

const isText = (value: unknown): boolean => typeof value === 'string';

const KINDS: Readonly<
  Record<Exclude<FieldKind, ConfigType>, { goType: string; readonly fits: (value: unknown) => boolean }>
> = {
  string: { goType: 'string', fits: isText },
  bytes: { goType: '[]uint8', fits: isText },
  bool: { goType: 'bool', fits: (value) => typeof value === 'boolean' },
  strings: { goType: '[]string', fits: (value) => Array.isArray(value) && value.every(isText) },
  stringMap: {
    goType: 'map[string]string',
    fits: (value) => isJsonObject(value) && Object.values(value).every(isText),
  },
  any: { goType: '', fits: () => true },
};

/** Base64 as Go writes it. Throws UserError as Go's decoder does. */
function normalBase64(text: string): string {
  const bad = base64Problem(text);
  if (bad !== undefined) throw new UserError(`illegal base64 data at input byte ${bad}`);
  return Buffer.from(text, 'base64').toString('base64');
}

/** Where standard base64 goes wrong, by the offsets of Go's encoding/base64; undefined when it is right. */
export function base64Problem(text: string): number | undefined {
  const plain = text.replaceAll(/[\r\n]/g, '');
  const body = /^[A-Za-z0-9+/]*/.exec(plain)?.[0].length ?? 0;
  const rest = plain.slice(body);
  const part = body % 4;
  if (rest === '') return part === 0 ? undefined : body - part;
  if (!rest.startsWith('=') || part < 2) return body;
  const padding = part === 2 ? '==' : '=';
  if (rest === padding) return undefined;
  return rest.startsWith(padding) ? body + padding.length : body + 1;
}

function wrongType(value: unknown, path: string, goType: string): UserError {
  return new UserError(`json: cannot unmarshal ${jsonType(value)} into Go struct field ${path} of type ${goType}`);
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'bigint' ? 'number' : typeof value;
}
