import type { KubeObject } from '../model/kube-object.ts';
import { createPrinter, type PrintFormat, type PrinterOptions } from '../printers/create-printer.ts';
import { qualifiedName } from '../printers/name-printer.ts';
import type { Context } from './context.ts';
import { type DryRun, dryRunSuffix } from './dry-run.ts';

/** Prints a changed object: one line with what was done, or the object in the format that was asked for. */
export type PrintChange = (object: KubeObject, word: string) => void;

/** Throws UserError for a format that does not exist. */
export async function changePrinter(
  { format, dryRun = 'none' }: { readonly format: PrintFormat; readonly dryRun?: DryRun },
  { streams }: Context,
  options: PrinterOptions = {},
): Promise<PrintChange> {
  const printer = await createPrinter(format, options);
  if (format.output !== '' || format.template !== '') return (object) => printer.print(object, streams.out);
  return (object, word) => streams.out.write(`${qualifiedName(object)} ${word}${dryRunSuffix(dryRun)}\n`);
}
