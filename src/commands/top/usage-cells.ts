import { quantityValue } from '../../model/quantity.ts';
import { TabWriter } from '../../printers/tab-writer.ts';
import type { OutputStream } from '../context.ts';
import { type Amounts, milliValue } from './metrics.ts';

const UNKNOWN = '<unknown>';
const MEBIBYTE = 1024n * 1024n;

/** The resources that are shown. */
export function shownResources(showSwap: boolean): readonly string[] {
  return showSwap ? ['cpu', 'memory', 'swap'] : ['cpu', 'memory'];
}

/** What is used, with its part of what there is where that is known. Resources in `missing` are unknown. */
export function usageCells(
  resources: readonly string[],
  usage: Amounts,
  available: Amounts = {},
  missing: readonly string[] = [],
): string[] {
  return resources.flatMap((name) => {
    if (missing.includes(name)) return [UNKNOWN, UNKNOWN];
    return available[name] === undefined
      ? [amountText(name, usage)]
      : [amountText(name, usage), `${percent(milliValue(usage, name), milliValue(available, name))}%`];
  });
}

/** The cells of a node that no metrics are known of. */
export function unknownCells(resources: readonly string[]): string[] {
  return resources.flatMap(() => [UNKNOWN, UNKNOWN]);
}

/** Prints rows as kubectl's tables, with every cell padded, the last one too. */
export function printRows(rows: readonly (readonly string[])[], out: OutputStream): void {
  const writer = new TabWriter();
  for (const row of rows) writer.add([...row, '']);
  for (const text of writer.flush()) out.write(text);
}

function amountText(name: string, usage: Amounts): string {
  if (name === 'cpu') return `${milliValue(usage, name)}m`;
  const amount = usage[name];
  return `${amount === undefined ? 0n : quantityValue(amount) / MEBIBYTE}Mi`;
}

function percent(used: bigint, available: bigint): number {
  return available === 0n ? 0 : Math.trunc((Number(used) / Number(available)) * 100);
}
