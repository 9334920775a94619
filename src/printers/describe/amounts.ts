import { addQuantity, compareQuantity, type Quantity } from '../../model/quantity.ts';
import { mapAt } from './fields.ts';
import { quantityOf } from './quantity-text.ts';

/** Quantities by resource name. */
export type Amounts = Map<string, Quantity>;

/** The resource list at a path. */
export function amountsAt(object: unknown, path: string): Amounts {
  return new Map(Object.entries(mapAt(object, path)).map(([name, text]) => [name, quantityOf(text)]));
}

/** Adds one list to another. */
export function addAmounts(total: Amounts, more: Amounts): void {
  for (const [name, quantity] of more) {
    const sum = total.get(name);
    total.set(name, sum === undefined ? quantity : addQuantity(sum, quantity));
  }
}

/** Makes every amount at least as great as in the other list. */
export function raiseAmounts(amounts: Amounts, least: Amounts): void {
  for (const [name, quantity] of least) {
    const amount = amounts.get(name);
    if (amount === undefined || compareQuantity(quantity, amount) > 0) amounts.set(name, quantity);
  }
}
