import { addQuantity, compareQuantity, type Quantity } from './quantity.ts';

/** Quantities by resource name. */
export type Amounts = Map<string, Quantity>;

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
