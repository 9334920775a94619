import { fieldErrorText, type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { dns1035LabelMessages } from '../../../model/names.ts';
import { typeByName } from '../../../model/schema/schema.ts';
import { DecodeError } from '../../../model/decode/decode-error.ts';
import { decodeTyped } from '../../../model/decode/decode-typed.ts';
import { pathSegmentNameMessages, pathSegmentPrefixMessages } from '../../../model/names.ts';
import { validateMetadata } from '../../metadata/validate-metadata.ts';
import { childPath, indexPath, keyPath } from '../field-path.ts';
import { type Schema, valueSchemaOf } from './schema.ts';

/**
 * Reads metadata as Go reads an ObjectMeta and prints it again; answers also the paths of unknown fields. Throws
 * DecodeError for a value of a wrong type.
 */
export function decodeObjectMeta(metadata: JsonValue): { metadata: JsonObject; unknownFields: readonly string[] } {
  const type = typeByName('meta.v1.ObjectMeta');
  if (type === undefined) throw new Error('meta.v1.ObjectMeta is not among the types');
  if (!isJsonObject(metadata)) {
    const found = Array.isArray(metadata) ? 'array' : typeof metadata === 'boolean' ? 'bool' : typeof metadata;
    throw new DecodeError(`json: cannot unmarshal ${found} into Go value of type v1.ObjectMeta`);
  }
  const { value, unknownFields } = decodeTyped(type, metadata);
  if (value['creationTimestamp'] === null) delete value['creationTimestamp'];
  return { metadata: value as JsonObject, unknownFields };
}

/**
 * Brings apiVersion, kind and metadata of embedded resources into shape, in place. Answers the paths of unknown fields of
 * their metadata. Throws DecodeError for what is none.
 */
export function coerceEmbedded(value: unknown, schema: Schema | undefined, path = ''): string[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => coerceEmbedded(item, schema.items, indexPath(path, index)));
  }
  if (!isJsonObject(value)) return [];
  const unknown = schema.embeddedResource ? coerceTypeAndMeta(value, path) : [];
  const values = valueSchemaOf(schema);
  for (const key of Object.keys(value).sort()) {
    const property = schema.properties.get(key);
    if (property !== undefined) unknown.push(...coerceEmbedded(value[key], property, childPath(path, key)));
    else if (values !== undefined) unknown.push(...coerceEmbedded(value[key], values, keyPath(path, key)));
  }
  return unknown;
}

function coerceTypeAndMeta(object: JsonObject, path: string): string[] {
  for (const key of ['apiVersion', 'kind']) {
    if (Object.hasOwn(object, key) && typeof object[key] !== 'string') {
      throw refused(invalidValue(childPath(path, key), object[key], 'must be a string'));
    }
  }
  if (!Object.hasOwn(object, 'metadata')) return [];
  const where = childPath(path, 'metadata');
  try {
    const { metadata, unknownFields } = decodeObjectMeta(object['metadata'] ?? {});
    object['metadata'] = metadata;
    return unknownFields.map((field) => `${where}.${field}`);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw refused(invalidValue(where, object['metadata'], error.message));
  }
}

function refused(error: FieldError): DecodeError {
  return new DecodeError(`${error.field}: ${fieldErrorText(error)}`);
}

/** What is wrong with apiVersion, kind and metadata of embedded resources. */
export function embeddedErrors(value: unknown, schema: Schema | undefined, path = ''): FieldError[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => embeddedErrors(item, schema.items, indexPath(path, index)));
  }
  if (!isJsonObject(value)) return [];
  const errors = schema.embeddedResource ? resourceErrors(value, path) : [];
  const values = valueSchemaOf(schema);
  for (const key of Object.keys(value).sort()) {
    const property = schema.properties.get(key);
    if (property !== undefined) errors.push(...embeddedErrors(value[key], property, childPath(path, key)));
    else if (values !== undefined) errors.push(...embeddedErrors(value[key], values, keyPath(path, key)));
  }
  return errors;
}

function resourceErrors(object: JsonObject, path: string): FieldError[] {
  const missing = ['apiVersion', 'kind'].filter((key) => !Object.hasOwn(object, key));
  return [
    ...missing.map((key) => required(childPath(path, key))),
    ...apiVersionErrors(object['apiVersion'], childPath(path, 'apiVersion')),
    ...kindErrors(object['kind'], childPath(path, 'kind')),
    ...metadataErrors(object['metadata'], path),
  ];
}

function apiVersionErrors(value: JsonValue | undefined, path: string): FieldError[] {
  if (value === undefined) return [];
  if (typeof value !== 'string') return [invalidValue(path, value, 'must be a string')];
  if (value === '') return [invalidValue(path, value, 'must not be empty')];
  if (value.split('/').length <= 2) return [];
  return [invalidValue(path, value, `unexpected GroupVersion string: ${value}`)];
}

function kindErrors(value: JsonValue | undefined, path: string): FieldError[] {
  if (value === undefined) return [];
  if (typeof value !== 'string') return [invalidValue(path, value, 'must be a string')];
  if (value === '') return [invalidValue(path, value, 'must not be empty')];
  const texts = dns1035LabelMessages(value.toLowerCase());
  if (texts.length === 0) return [];
  return [invalidValue(path, value, `may have mixed case, but should otherwise match: ${texts.join(',')}`)];
}

function metadataErrors(value: JsonValue | undefined, path: string): FieldError[] {
  if (!isJsonObject(value)) return [];
  const metadata = { ...value } as KubeObject['metadata'];
  // A name is not needed, but validated when there is one.
  if ((metadata.name ?? '') === '') metadata.name = 'fakename';
  const object: KubeObject = { apiVersion: '', kind: '', metadata };
  const errors = validateMetadata(object, (metadata.namespace ?? '') !== '', (name, prefix) =>
    prefix ? pathSegmentPrefixMessages(name) : pathSegmentNameMessages(name),
  );
  return errors.map((error) => ({ ...error, field: childPath(path, error.field) }));
}
