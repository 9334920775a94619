import type { PrintFormat } from '../printers/create-printer.ts';
import type { FlagValues } from './flag-values.ts';

/** What `-o` and its companions (see outputFlags) ask for. */
export function printFormatOf(flags: FlagValues): PrintFormat {
  return {
    output: flags.string('output'),
    template: flags.string('template'),
    allowMissingKeys: flags.bool('allow-missing-template-keys'),
    showManagedFields: flags.bool('show-managed-fields'),
    noHeaders: false,
  };
}
