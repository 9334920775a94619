import type { Amounts } from '../../model/resource-amounts.ts';
import { mapAt } from './fields.ts';
import { quantityOf } from './quantity-text.ts';

/** The resource list at a path. */
export function amountsAt(object: unknown, path: string): Amounts {
  return new Map(Object.entries(mapAt(object, path)).map(([name, text]) => [name, quantityOf(text)]));
}
