import { goQuote } from './go-text.ts';
import { wireJsonText } from './wire-json.ts';

/** Kinds of a field error; the value is the `reason` of its Status cause (field.ErrorType). */
export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'InternalError'
  | 'FieldValueTypeInvalid';

/** One wrong field: its path as Kubernetes writes it (`spec.containers[0].image`), the value, and what is wrong. */
export interface FieldError {
  readonly type: FieldErrorType;
  readonly field: string;
  readonly value?: unknown;
  /** Whether the value is not shown, although errors of the type show theirs (field.OmitValueType). */
  readonly omitValue?: true;
  readonly detail: string;
}

const TITLES: Record<FieldErrorType, string> = {
  FieldValueNotFound: 'Not found',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  InternalError: 'Internal error',
  FieldValueTypeInvalid: 'Invalid value',
};

/** The error without its field, as apimachinery's field.Error.ErrorBody prints it. */
export function fieldErrorText(error: FieldError): string {
  const title = TITLES[error.type];
  const bare = ['FieldValueRequired', 'FieldValueForbidden', 'FieldValueTooLong', 'InternalError'].includes(error.type);
  const head = bare || error.omitValue === true ? title : `${title}: ${valueText(error.value)}`;
  return error.detail === '' ? head : `${head}: ${error.detail}`;
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return goQuote(value);
  const text = wireJsonText(value);
  // Go's JSON of a struct or map escapes what HTML would read.
  return typeof value === 'object' ? text.replaceAll(/[<>&\u2028\u2029]/g, unicodeEscape) : text;
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

export function required(field: string, detail = ''): FieldError {
  return { type: 'FieldValueRequired', field, detail };
}

export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, value, detail };
}

export function duplicate(field: string, value: unknown): FieldError {
  return { type: 'FieldValueDuplicate', field, value, detail: '' };
}

export function fieldNotFound(field: string, value: unknown): FieldError {
  return { type: 'FieldValueNotFound', field, value, detail: '' };
}

export function fieldForbidden(field: string, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field, detail };
}

/** An enum value that is not known; the supported ones are listed as given (upstream sorts some lists and not others). */
export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const list = supported.map(goQuote);
  return {
    type: 'FieldValueNotSupported',
    field,
    value,
    detail: list.length === 0 ? '' : `supported values: ${list.join(', ')}`,
  };
}

/** A value longer than `bytes`. */
export function tooLong(field: string, bytes: number): FieldError {
  return { type: 'FieldValueTooLong', field, detail: `may not be more than ${bytes} bytes` };
}

export function tooMany(field: string, actual: number, most: number): FieldError {
  return {
    type: 'FieldValueTooMany',
    field,
    value: actual,
    detail: `must have at most ${most} ${most === 1 ? 'item' : 'items'}`,
  };
}
