import fs from 'node:fs';
import path from 'node:path';
import type { ConfigDocument } from '../../kubeconfig/config-document.ts';
import { type Fields, normalizedFields } from '../../kubeconfig/config-fields.ts';
import { type ConfigMapName, configMaps } from '../../kubeconfig/config-schema.ts';
import { goFileError } from '../../model/go-file-error.ts';
import { UserError } from '../../model/user-error.ts';

/** Changes an entry, or makes it; true when it was there. Fields that are undefined after `change` are removed. */
export function setEntry(
  config: ConfigDocument,
  map: ConfigMapName,
  name: string,
  change: (fields: Fields) => Fields,
): boolean {
  const before = config[map].get(name);
  const { type } = configMaps[map];
  const fields = normalizedFields(change(before?.fields ?? {}), type, '', '');
  config[map].set(name, { origin: before?.origin, beside: before?.beside ?? {}, fields });
  return before !== undefined;
}

/** Throws UserError when a file to embed is not there. `flag` names it in the message. */
export function statFile(flag: string, file: string): void {
  try {
    fs.statSync(file);
  } catch (error) {
    throw new UserError(`could not stat ${flag} file ${file}: ${goFileError('stat', file, error)}`, { cause: error });
  }
}

/** `FIELD` and `FIELD-data` for a file: its content when it is embedded, else its absolute path; both empty for no file. */
export function fileFields(field: string, file: string, embed: boolean): Fields {
  if (embed) return { [field]: undefined, [`${field}-data`]: readBase64(file) };
  return { [field]: path.resolve(file), [`${field}-data`]: undefined };
}

function readBase64(file: string): string {
  if (file === '') return '';
  try {
    return fs.readFileSync(file).toString('base64');
  } catch (error) {
    throw new UserError(goFileError('open', file, error), { cause: error });
  }
}
