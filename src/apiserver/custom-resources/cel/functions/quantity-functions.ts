import {
  addQuantity,
  compareQuantity,
  parseQuantity,
  type Quantity,
  QuantityError,
  quantitySign,
  quantityValue,
  subtractQuantity,
} from '../../../../model/quantity.ts';
import { CelError } from '../cel-error.ts';
import type { FunctionTable } from './function-table.ts';

/** A resource.Quantity in an expression. */
export class CelQuantity {
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }
}

export const QUANTITY_TYPE = 'kubernetes.Quantity';

/** Kubernetes' quantity functions. */
export const QUANTITY_FUNCTIONS: FunctionTable = {
  [`quantity(string): ${QUANTITY_TYPE}`]: (text: string) => new CelQuantity(read(text)),
  'isQuantity(string): bool': (text: string) => isQuantity(text),
  [`${QUANTITY_TYPE}.sign(): int`]: ({ quantity }: CelQuantity) => BigInt(quantitySign(quantity)),
  [`${QUANTITY_TYPE}.isInteger(): bool`]: ({ quantity }: CelQuantity) => isWhole(quantity),
  [`${QUANTITY_TYPE}.asInteger(): int`]: ({ quantity }: CelQuantity) => {
    if (!isWhole(quantity)) throw new CelError('cannot convert value to integer');
    return quantityValue(quantity);
  },
  [`${QUANTITY_TYPE}.asApproximateFloat(): double`]: ({ quantity }: CelQuantity) =>
    Number(quantityValue(quantity, -9)) / 1e9,
  [`${QUANTITY_TYPE}.isGreaterThan(${QUANTITY_TYPE}): bool`]: (left: CelQuantity, right: CelQuantity) =>
    compare(left, right) > 0,
  [`${QUANTITY_TYPE}.isLessThan(${QUANTITY_TYPE}): bool`]: (left: CelQuantity, right: CelQuantity) =>
    compare(left, right) < 0,
  [`${QUANTITY_TYPE}.compareTo(${QUANTITY_TYPE}): int`]: (left: CelQuantity, right: CelQuantity) =>
    BigInt(compare(left, right)),
  [`${QUANTITY_TYPE}.add(${QUANTITY_TYPE}): ${QUANTITY_TYPE}`]: (left: CelQuantity, right: CelQuantity) =>
    new CelQuantity(addQuantity(left.quantity, right.quantity)),
  [`${QUANTITY_TYPE}.add(int): ${QUANTITY_TYPE}`]: (left: CelQuantity, right: bigint) =>
    new CelQuantity(addQuantity(left.quantity, parseQuantity(String(right)))),
  [`${QUANTITY_TYPE}.sub(${QUANTITY_TYPE}): ${QUANTITY_TYPE}`]: (left: CelQuantity, right: CelQuantity) =>
    new CelQuantity(subtractQuantity(left.quantity, right.quantity)),
  [`${QUANTITY_TYPE}.sub(int): ${QUANTITY_TYPE}`]: (left: CelQuantity, right: bigint) =>
    new CelQuantity(subtractQuantity(left.quantity, parseQuantity(String(right)))),
};

export function compare(left: CelQuantity, right: CelQuantity): number {
  return compareQuantity(left.quantity, right.quantity);
}

function read(text: string): Quantity {
  try {
    return parseQuantity(text);
  } catch (error) {
    if (error instanceof QuantityError) throw new CelError(error.message);
    throw error;
  }
}

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch (error) {
    if (error instanceof QuantityError) return false;
    throw error;
  }
}

function isWhole(quantity: Quantity): boolean {
  return compareQuantity(quantity, parseQuantity(quantityValue(quantity).toString())) === 0;
}
