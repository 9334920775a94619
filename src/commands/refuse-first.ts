import { createPrinter } from '../printers/create-printer.ts';
import type { Command, Invocation } from './command.ts';
import { dryRunOf } from './dry-run.ts';
import { FirstError } from './first-error.ts';
import { printFormatOf } from './print-format.ts';
import { UsageError } from './usage-error.ts';

/**
 * Throws what kubectl would have told of a command line before `fault`, by the command's `refusesFirst`: a value of
 * --dry-run that is none, then a format that it cannot print. A FirstError comes before them. Without `fault` the line has no other fault.
 */
export async function refuseFirst({ refusesFirst }: Command, { flags }: Invocation, fault?: unknown): Promise<void> {
  if (refusesFirst === undefined || fault instanceof FirstError) return;
  // What is to be created is named before anything else.
  if (refusesFirst === 'format-after-name' && fault instanceof UsageError) return;
  if (flags.defines('dry-run')) dryRunOf(flags);
  if (refusesFirst === 'dry-run') return;
  const format = printFormatOf(flags);
  if (format.output !== '' || format.template !== '') await createPrinter(format);
}
