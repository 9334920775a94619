import { canonicalQuantity, parseQuantity, type Quantity, QuantityError } from '../../model/quantity.ts';

/** A quantity of an object as Go prints it; `0` for none. One that cannot be read is shown as it is. */
export function quantityText(text: string | undefined): string {
  if (text === undefined || text === '') return '0';
  try {
    return canonicalQuantity(text);
  } catch (error) {
    if (error instanceof QuantityError) return text;
    throw error;
  }
}

/** The quantity that a text is; 0 for none and for one that cannot be read. */
export function quantityOf(text: string | undefined): Quantity {
  try {
    return parseQuantity(text === undefined || text === '' ? '0' : text);
  } catch (error) {
    if (error instanceof QuantityError) return parseQuantity('0');
    throw error;
  }
}
