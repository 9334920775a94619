import { goFloat } from '../../../model/go-number.ts';
import type { Schema } from './schema.ts';
import type { ValueIssue } from './value-issue.ts';

const LEAST_INT32 = -(2 ** 31);
const GREATEST_INT32 = 2 ** 31 - 1;
const GREATEST_FLOAT = 3.4028234663852886e38;

/** What is wrong with a number: its range by format, its factor, its bounds; in that order. */
export function numberIssues(schema: Schema, value: number | bigint, name: string): ValueIssue[] {
  const { multipleOf, minimum, maximum } = schema;
  const number = Number(value);
  const issues = rangeIssues(schema, number, name);
  const wrong = (message: string): void => {
    issues.push({ kind: 'invalid', name, value, message: `${name} in body ${message}` });
  };
  if (multipleOf !== undefined) {
    if (multipleOf <= 0) {
      const message = `factor MultipleOf declared for ${name} must be positive: ${shown(multipleOf)}`;
      issues.push({ kind: 'invalid', name, value: multipleOf, message });
    } else if (!isMultiple(value, multipleOf)) wrong(`should be a multiple of ${shown(multipleOf)}`);
  }
  const exclusiveMinimum = schema.exclusiveMinimum;
  if (minimum !== undefined && (exclusiveMinimum ? number <= minimum : number < minimum)) {
    wrong(`should be greater than${exclusiveMinimum ? '' : ' or equal to'} ${bound(value, minimum)}`);
  }
  const exclusiveMaximum = schema.exclusiveMaximum;
  if (maximum !== undefined && (exclusiveMaximum ? number >= maximum : number > maximum)) {
    wrong(`should be less than${exclusiveMaximum ? '' : ' or equal to'} ${bound(value, maximum)}`);
  }
  return issues;
}

function rangeIssues({ type, format, intOrString }: Schema, value: number, name: string): ValueIssue[] {
  if (intOrString) return [];
  const outside =
    (type === 'integer' && format === 'int32' && !(value >= LEAST_INT32 && value <= GREATEST_INT32)) ||
    (type === 'number' && format === 'float' && Math.abs(value) > GREATEST_FLOAT);
  if (!outside) return [];
  const message = `Checked value must be of type ${type} with format ${format} in ${name}`;
  return [{ kind: 'composite', name: '', message }];
}

function isMultiple(value: number | bigint, factor: number): boolean {
  if (typeof value === 'bigint' && Number.isInteger(factor)) return value % BigInt(factor) === 0n;
  const number = Number(value);
  const quotient = factor < 1 ? (1 / factor) * number : number / factor;
  return Number.isInteger(quotient) || Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.abs(quotient);
}

/** The bound of an integer is told as an integer. */
function bound(value: number | bigint, limit: number): string {
  const integral = typeof value === 'bigint' || Number.isSafeInteger(value);
  return integral ? String(Math.trunc(limit)) : shown(limit);
}

function shown(value: number): string {
  return Number.isSafeInteger(value) && Math.abs(value) < 1e6 ? String(value) : goFloat(value);
}
