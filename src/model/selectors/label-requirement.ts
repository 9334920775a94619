import { compareBytes } from '../byte-order.ts';
import { fieldErrorText, type FieldError, invalidValue, notSupported } from '../field-error.ts';
import { labelValueMessages, qualifiedNameMessages } from '../names.ts';
import { UserError } from '../user-error.ts';

/** Operators of k8s.io/apimachinery/pkg/selection. */
export type LabelOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

/** One condition of a label selector: every label set matches it or does not. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  /** Sorted by their bytes, each once. */
  readonly values: readonly string[];
}

const INT64 = /^[-+]?\d+$/;

/** Checks and builds a requirement. Throws UserError in apimachinery's words. */
export function labelRequirement(key: string, operator: LabelOperator, values: readonly string[]): LabelRequirement {
  const errors = [...keyErrors(key, 'key'), ...countErrors(operator, values)];
  for (const [index, value] of values.entries()) {
    const messages = labelValueMessages(value);
    if (messages.length > 0) errors.push(invalidValue(`values[${index}][${key}]`, value, messages.join('; ')));
  }
  if (errors.length > 0) throw new UserError(aggregated(errors));
  return { key, operator, values: [...new Set(values)].sort(compareBytes) };
}

/** What is wrong with a label key; `path` is how the error names it. */
export function keyErrors(key: string, path: string): FieldError[] {
  const messages = qualifiedNameMessages(key);
  return messages.length === 0 ? [] : [invalidValue(path, key, messages.join('; '))];
}

/** Several field errors as one text, as apimachinery's Aggregate prints them. */
export function aggregated(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${fieldErrorText(error)}`))];
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
}

function countErrors(operator: LabelOperator, values: readonly string[]): FieldError[] {
  const wrong = (detail: string): FieldError[] => [invalidValue('values', values, detail)];
  switch (operator) {
    case 'in':
    case 'notin':
      return values.length > 0 ? [] : wrong("for 'in', 'notin' operators, values set can't be empty");
    case '=':
    case '==':
    case '!=':
      return values.length === 1 ? [] : wrong('exact-match compatibility requires one single value');
    case 'exists':
    case '!':
      return values.length === 0 ? [] : wrong('values set must be empty for exists and does not exist');
    case 'gt':
    case 'lt':
      return [
        ...(values.length === 1 ? [] : wrong("for 'Gt', 'Lt' operators, exactly one value is required")),
        ...values.flatMap((value, index) =>
          isInt64(value)
            ? []
            : [invalidValue(`values[${index}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer")],
        ),
      ];
    default:
      return [notSupported('operator', operator, ['in', 'notin', '=', '==', '!=', 'gt', 'lt', '!', 'exists'])];
  }
}

function isInt64(text: string): boolean {
  return INT64.test(text) && BigInt.asIntN(64, BigInt(text.replace('+', ''))) === BigInt(text.replace('+', ''));
}

/** Whether a label set satisfies the requirement. */
export function requirementMatches(requirement: LabelRequirement, labels: Readonly<Record<string, string>>): boolean {
  const { key, operator, values } = requirement;
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return value !== undefined && values.includes(value);
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'gt':
    case 'lt':
      return value !== undefined && compareIntegers(value, values[0] ?? '', operator);
    default:
      return false;
  }
}

function compareIntegers(value: string, bound: string, operator: 'gt' | 'lt'): boolean {
  if (!isInt64(value) || !isInt64(bound)) return false;
  const [left, right] = [BigInt(value.replace('+', '')), BigInt(bound.replace('+', ''))];
  return operator === 'gt' ? left > right : left < right;
}

/** The requirement as apimachinery prints it. */
export function requirementText({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`;
    case 'gt':
    case 'lt':
      return `${key}${operator === 'gt' ? '>' : '<'}${values.join(',')}`;
    case '=':
    case '==':
    case '!=':
    default:
      return `${key}${operator}${values.join(',')}`;
  }
}
