import fs from 'node:fs';
import { goFileError } from '../../model/go-file-error.ts';
import { UserError } from '../../model/user-error.ts';
import type { ValueTransformer } from '../value-transformer.ts';
import { configuredValues } from './configured-values.ts';

/** Reads an EncryptionConfiguration file. `prefix` is that of all keys. Throws UserError naming the file and what is wrong. */
export function openConfiguredValues(file: string, prefix: string): ValueTransformer {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    const name = JSON.stringify(file);
    const why = goFileError('open', file, error);
    throw new UserError(`error opening encryption provider configuration file ${name}: ${why}`, { cause: error });
  }
  if (text.trim() === '') {
    throw new UserError(`encryption provider configuration file ${JSON.stringify(file)} is empty`);
  }
  try {
    return configuredValues(text, prefix);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `encryption provider configuration file ${JSON.stringify(file)}: error while parsing file: ${why}`,
      {
        cause: error,
      },
    );
  }
}
