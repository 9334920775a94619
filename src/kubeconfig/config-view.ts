import fs from 'node:fs';
import path from 'node:path';
import { goFileError } from '../model/go-file-error.ts';
import { UserError } from '../model/user-error.ts';
import type { ConfigDocument, ConfigEntry } from './config-document.ts';
import type { Fields } from './config-fields.ts';

/** What stands for bytes that are not shown; read as base64, which it is, it has the length of a secret that is none. */
const OMITTED = 'DATA+OMITTED';
const REDACTED = 'REDACTED';

/** Keeps only what the current context uses. Throws UserError when something of it is missing. */
export function minifyConfig(config: ConfigDocument): ConfigDocument {
  const { currentContext } = config;
  if (currentContext === '') throw new UserError('current-context must exist in order to minify');
  const context = config.contexts.get(currentContext);
  if (context === undefined) throw new UserError(`cannot locate context ${currentContext}`);
  return {
    ...config,
    contexts: new Map([[currentContext, context]]),
    clusters: only(config.clusters, String(context.fields['cluster']), 'cluster'),
    users: only(config.users, String(context.fields['user']), 'user'),
  };
}

function only(entries: ReadonlyMap<string, ConfigEntry>, name: string, what: string): Map<string, ConfigEntry> {
  if (name === '') return new Map();
  const entry = entries.get(name);
  if (entry === undefined) throw new UserError(`cannot locate ${what} ${name}`);
  return new Map([[name, entry]]);
}

/** Hides secrets and leaves out data. */
export function redactConfig(config: ConfigDocument): ConfigDocument {
  return {
    ...config,
    clusters: withFields(config.clusters, { 'certificate-authority-data': OMITTED }),
    users: withFields(config.users, {
      'client-certificate-data': OMITTED,
      'client-key-data': OMITTED,
      token: REDACTED,
      password: REDACTED,
    }),
  };
}

function withFields(
  entries: ReadonlyMap<string, ConfigEntry>,
  hidden: Readonly<Record<string, string>>,
): Map<string, ConfigEntry> {
  const hide = (fields: Fields): Fields =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, Object.hasOwn(hidden, name) ? hidden[name] : value]),
    );
  return new Map([...entries].map(([name, entry]) => [name, { ...entry, fields: hide(entry.fields) }]));
}

/** Puts the content of every file that is named in its place. Throws UserError for files that cannot be read. */
export function flattenConfig(config: ConfigDocument): ConfigDocument {
  return {
    ...config,
    users: flattened(config.users, ['client-certificate', 'client-key']),
    clusters: flattened(config.clusters, ['certificate-authority']),
  };
}

function flattened(entries: ReadonlyMap<string, ConfigEntry>, names: readonly string[]): Map<string, ConfigEntry> {
  return new Map(
    [...entries].map(([key, entry]) => {
      const fields = names.reduce(
        (before, name) => withContent(before, name, path.dirname(entry.origin ?? '')),
        entry.fields,
      );
      return [key, { ...entry, fields }];
    }),
  );
}

function withContent(fields: Fields, name: string, folder: string): Fields {
  const { [name]: file, ...others } = fields;
  if (typeof file !== 'string') return fields;
  const data = `${name}-data`;
  if (others[data] !== undefined) throw new UserError('cannot have values for both path and contents');
  const content = readContent(path.resolve(folder, file)).toString('base64');
  // Data stands where its file's name stood, so that fields keep Go's order.
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => (key === name ? [data, content] : [key, value])),
  );
}

function readContent(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new UserError(goFileError('open', file, error), { cause: error });
  }
}
