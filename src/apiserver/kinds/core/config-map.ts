import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, fieldForbidden, invalidValue, tooLong } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { entriesIn, flagIn, partOf } from '../fields.ts';
import { configKeyRule } from '../value-rules.ts';

/** The most bytes that all values of a ConfigMap or Secret have together. */
export const MOST_DATA = 1024 * 1024;

const FIXED = 'field is immutable when `immutable` is set';

/** The bytes of base64 text, decoded; whether it is well-formed was checked when it was read. */
export function decodedLength(base64: string): number {
  return Buffer.byteLength(base64, 'base64');
}

function validate(object: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const binaryData = partOf(object, 'binaryData');
  let size = 0;
  for (const [key, value] of entriesIn(object, 'data')) {
    const field = `data[${key}]`;
    errors.push(...configKeyRule(key).map((text) => invalidValue(field, key, text)));
    if (Object.hasOwn(binaryData, key)) {
      errors.push(invalidValue(field, key, 'duplicate of key present in binaryData'));
    }
    size += Buffer.byteLength(value);
  }
  for (const [key, value] of entriesIn(object, 'binaryData')) {
    errors.push(...configKeyRule(key).map((text) => invalidValue(`binaryData[${key}]`, key, text)));
    size += decodedLength(value);
  }
  // An empty path names the object as a whole; Kubernetes prints it as `[]`.
  if (size > MOST_DATA) errors.push(tooLong('[]', MOST_DATA));
  return errors;
}

/** What an object that was marked immutable may not change. */
export function immutableErrors(object: KubeObject, old: KubeObject, fields: readonly string[]): FieldError[] {
  if (!flagIn(old, 'immutable')) return [];
  const errors: FieldError[] = [];
  if (!flagIn(object, 'immutable')) errors.push(fieldForbidden('immutable', FIXED));
  for (const field of fields) {
    if (!deepEqual(partOf(object, field), partOf(old, field))) errors.push(fieldForbidden(field, FIXED));
  }
  return errors;
}

export const configMapStrategy = defineStrategy({
  resource: 'configmaps',
  validate,
  validateUpdate: (object, old) => [...immutableErrors(object, old, ['data', 'binaryData']), ...validate(object)],
});
