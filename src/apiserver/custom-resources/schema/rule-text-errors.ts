import { type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { childPath, indexPath } from '../field-path.ts';
import type { Schema, ValidationRule } from './schema.ts';
import { schemaFieldPath } from './schema-field-path.ts';

const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** What is wrong with the rules of a schema before any is compiled. */
export function ruleTextErrors(schema: Schema, path: string): FieldError[] {
  return schema.validations.flatMap((rule, index) => {
    const where = indexPath(childPath(path, 'x-kubernetes-validations'), index);
    return [...textErrors(rule, where), ...fieldPathErrors(rule, schema, childPath(where, 'fieldPath'))];
  });
}

function textErrors({ rule, message, messageExpression, reason }: ValidationRule, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const trimmedRule = rule.trim();
  const trimmedMessage = message.trim();
  const messagePath = childPath(path, 'message');
  if (trimmedRule === '') errors.push(required(childPath(path, 'rule'), 'rule is not specified'));
  else if (message !== '' && trimmedMessage === '') {
    errors.push(invalidValue(messagePath, message, 'must be non-empty if specified'));
  } else if (hasLineBreaks(trimmedMessage)) {
    errors.push(invalidValue(messagePath, message, 'must not contain line breaks'));
  } else if (hasLineBreaks(trimmedRule) && trimmedMessage === '') {
    errors.push(required(messagePath, 'message must be specified if rule contains line breaks'));
  }
  if (messageExpression !== '' && messageExpression.trim() === '') {
    const text = 'messageExpression must be non-empty if specified';
    errors.push(required(childPath(path, 'messageExpression'), text));
  }
  if (reason !== undefined && !REASONS.includes(reason)) {
    errors.push(notSupported(childPath(path, 'reason'), reason, REASONS));
  }
  return errors;
}

function fieldPathErrors({ fieldPath }: ValidationRule, schema: Schema, path: string): FieldError[] {
  if (fieldPath === '') return [];
  const errors: FieldError[] = [];
  if (fieldPath.trim() === '') errors.push(invalidValue(path, fieldPath, 'must be non-empty if specified'));
  if (hasLineBreaks(fieldPath)) errors.push(invalidValue(path, fieldPath, 'must not contain line breaks'));
  if ('problem' in schemaFieldPath(fieldPath, schema)) {
    errors.push(invalidValue(path, fieldPath, 'must be a valid path'));
  }
  return errors;
}

function hasLineBreaks(text: string): boolean {
  return /[\n\r]/.test(text);
}
