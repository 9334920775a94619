import { type FieldError, invalidValue, required, tooLong } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { changedErrors } from '../field-checks.ts';
import { ensureObject, entriesIn, fillEmpty, isSet, partOf, textIn } from '../fields.ts';
import { configKeyRule } from '../value-rules.ts';
import { decodedLength, immutableErrors, MOST_DATA } from './config-map.ts';

function defaults(object: KubeObject): void {
  for (const [key, value] of entriesIn(object, 'stringData')) {
    ensureObject(object, 'data')[key] = Buffer.from(value).toString('base64');
  }
  delete object['stringData'];
  fillEmpty(object, 'type', 'Opaque');
}

const ACCOUNT_NAME = 'kubernetes.io/service-account.name';

/** The keys that secrets of a type must have. */
const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

function validate(object: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of entriesIn(object, 'data')) {
    errors.push(...configKeyRule(key).map((text) => invalidValue(`data[${key}]`, key, text)));
    size += decodedLength(value);
  }
  if (size > MOST_DATA) errors.push(tooLong('data', MOST_DATA));
  return [...errors, ...typeErrors(object)];
}

function typeErrors(object: KubeObject): FieldError[] {
  const type = textIn(object, 'type');
  const data = partOf(object, 'data');
  if (type === 'kubernetes.io/service-account-token') {
    const account = object.metadata.annotations?.[ACCOUNT_NAME] ?? '';
    return account === '' ? [required(`metadata.annotations[${ACCOUNT_NAME}]`)] : [];
  }
  if (type === 'kubernetes.io/basic-auth') {
    const none = !isSet(data, 'username') && !isSet(data, 'password');
    return none ? [required('data[username]'), required('data[password]')] : [];
  }
  const errors: FieldError[] = [];
  for (const key of REQUIRED_KEYS[type] ?? []) {
    const missing = type === 'kubernetes.io/ssh-auth' ? textIn(data, key) === '' : !isSet(data, key);
    if (missing) errors.push(required(`data[${key}]`));
    else if (type.startsWith('kubernetes.io/dockerc')) errors.push(...jsonErrors(`data[${key}]`, textIn(data, key)));
  }
  return errors;
}

/** The content must be a JSON object; its text is not repeated, for it is secret. */
function jsonErrors(field: string, base64: string): FieldError[] {
  const wrong = (detail: string) => [invalidValue(field, '<secret contents redacted>', detail)];
  const text = Buffer.from(base64, 'base64').toString();
  if (text.trim() === '') return wrong('unexpected end of JSON input');
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || (typeof value === 'object' && !Array.isArray(value))) return [];
    return wrong(`json: cannot unmarshal ${goTypeName(value)} into Go value of type map[string]interface {}`);
  } catch {
    return wrong(syntaxErrorText(text));
  }
}

function goTypeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Go's text for JSON that does not begin as JSON does; the position of later errors is told in other words than Go's. */
function syntaxErrorText(text: string): string {
  const first = text.trimStart()[0] ?? '';
  if (!/[{["\d\-tfn]/.test(first)) return `invalid character '${first}' looking for beginning of value`;
  return 'unexpected end of JSON input';
}

export const secretStrategy = defineStrategy({
  resource: 'secrets',
  defaults,
  validate,
  validateUpdate: (object, old) => [
    ...changedErrors('type', object['type'], old['type']),
    ...immutableErrors(object, old, ['data']),
    ...validate(object),
  ],
  selectableFields: { type: (object) => textIn(object, 'type') },
});
