import { UserError } from '../../model/user-error.ts';
import type { PrintFormat } from '../../printers/create-printer.ts';
import { type FieldValidation, fieldValidationOf } from '../field-validation.ts';
import type { FlagValues } from '../flag-values.ts';
import type { Flag } from '../flag.ts';
import { printFormatOf } from '../print-format.ts';
import { fileFlags, objectFormats, outputFlags, validateFlag } from '../shared-flags.ts';

export const windowsLineEndingsFlag: Flag = {
  name: 'windows-line-endings',
  type: 'bool',
  default: 'false',
  usage: 'End the lines of the text to edit as Windows does.',
};

/** The flags that every command with an editor has. */
export function editFlags(purpose: string): readonly Flag[] {
  return [...fileFlags(purpose), ...outputFlags(objectFormats), validateFlag, windowsLineEndingsFlag];
}

export type EditLanguage = 'yaml' | 'json' | 'kyaml';

export interface EditOptions {
  readonly language: EditLanguage;
  readonly windowsLineEndings: boolean;
  readonly format: PrintFormat;
  readonly fieldValidation: FieldValidation;
  readonly fieldManager: string;
}

/** What the flags of an editing command say. Throws UserError for a format that nobody can edit. */
export function editOptionsOf(flags: FlagValues): EditOptions {
  const format = printFormatOf(flags);
  return {
    language: languageOf(format.output),
    windowsLineEndings: flags.bool('windows-line-endings'),
    format,
    fieldValidation: fieldValidationOf(flags),
    fieldManager: flags.string('field-manager'),
  };
}

/** The language in which objects are edited for `-o`. Throws UserError for a format that nobody can edit. */
export function languageOf(output: string): EditLanguage {
  if (output === 'json' || output === 'kyaml') return output;
  if (output === '' || output === 'yaml') return 'yaml';
  throw new UserError(
    `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: json,kyaml,yaml`,
  );
}
