import fs from 'node:fs';
import { goFileError } from '../../model/go-file-error.ts';
import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import { parseYaml } from '../../model/yaml.ts';

/** What the profile's user may not say of the container. */
const FIXED = ['name', 'command', 'image', 'lifecycle', 'volumeDevices'];

/** The partial container of a file; undefined when no file is named. Throws UserError. */
export function readCustomContainer(file: string): JsonObject | undefined {
  if (file === '') return undefined;
  const container = parsed(file, read(file));
  if (FIXED.some((field) => Boolean(container[field]))) {
    throw new UserError('name, command, image, lifecycle and volume devices are not modifiable via custom profile');
  }
  return container;
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(
      `must pass a container spec json file for custom profile: ${goFileError('open', file, error)}`,
      {
        cause: error,
      },
    );
  }
}

function parsed(file: string, text: string): JsonObject {
  let why = 'it is no object';
  try {
    const value = parseYaml(text);
    if (isJsonObject(value)) return value;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    why = error.message;
  }
  throw new UserError(`${file} does not contain a valid container spec: ${why}`);
}
