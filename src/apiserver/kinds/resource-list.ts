import { formatQuantity, parseQuantity, type Quantity, QuantityError, quantityValue } from '../../model/quantity.ts';
import type { Amounts } from '../../model/resource-amounts.ts';
import { type Fields, isSet } from './fields.ts';

const MILLI = -3;

/** A quantity of a resource list; JSON may have it as a number. Undefined when it is none. */
export function quantityIn(list: Fields, name: string): Quantity | undefined {
  const value = list[name];
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  try {
    return parseQuantity(String(value).trim());
  } catch (error) {
    if (error instanceof QuantityError) return undefined;
    throw error;
  }
}

/** Writes quantities as the server does: rounded up to thousandths (SetDefaults_ResourceList) and canonical. */
export function canonicalQuantities(list: Fields | undefined): void {
  if (list === undefined) return;
  for (const name of Object.keys(list)) {
    const quantity = quantityIn(list, name);
    if (quantity !== undefined) list[name] = formatQuantity(roundedToMilli(quantity));
  }
}

function roundedToMilli(quantity: Quantity): Quantity {
  if (quantity.scale >= MILLI) return quantity;
  return { unscaled: quantityValue(quantity, MILLI), scale: MILLI, format: quantity.format };
}

/** Whether a resource is one of those that a container may request less of than it is limited to. */
export function isOvercommitAllowed(name: string): boolean {
  return isNativeResource(name) && !isHugePage(name);
}

/** Resources of Kubernetes itself: without a prefix, or with one of kubernetes.io. */
export function isNativeResource(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

export function isHugePage(name: string): boolean {
  return name.startsWith('hugepages-');
}

/** The quantities of a list, by name. */
export function amountsIn(list: Fields): Amounts {
  const amounts: Amounts = new Map();
  for (const name of Object.keys(list)) {
    const quantity = isSet(list, name) ? quantityIn(list, name) : undefined;
    if (quantity !== undefined) amounts.set(name, quantity);
  }
  return amounts;
}
