import { type FieldError, fieldErrorText, fieldForbidden, invalidValue, required } from '../../../model/field-error.ts';
import { childPath, indexPath, keyPath } from '../field-path.ts';
import { compilePattern } from './compile-pattern.ts';
import { completenessErrors } from './completeness-errors.ts';
import { type Schema, valueSchemaOf } from './schema.ts';

/** Where a schema stands: at the root, as an item of a list, or as a field. */
type Level = 'root' | 'item' | 'field';

const MISSING_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

/** Why a schema is not structural: nothing when every value that it validates has a type (ValidateStructural). */
export function structuralErrors(schema: Schema, path: string): FieldError[] {
  const errors = [...invariantErrors(schema, 'root', path), ...completenessErrors(schema, path)];
  const text = (error: FieldError): string => `${error.field}: ${fieldErrorText(error)}`;
  return errors.sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

function invariantErrors(schema: Schema, level: Level, path: string): FieldError[] {
  const { items, properties } = schema;
  const values = valueSchemaOf(schema);
  const errors: FieldError[] = [];
  if (schema.type === 'array' && items === undefined) {
    errors.push(required(childPath(path, 'items'), 'must be specified'));
  }
  if (items !== undefined) errors.push(...invariantErrors(items, 'item', childPath(path, 'items')));
  for (const [name, property] of properties) {
    errors.push(...invariantErrors(property, 'field', propertyPath(path, name)));
  }
  const below = childPath(path, 'additionalProperties');
  if (schema.additionalProperties !== undefined && level === 'root') {
    errors.push(fieldForbidden(below, 'must not be used at the root'));
  }
  if (values !== undefined) errors.push(...invariantErrors(values, 'field', below));
  return [
    ...errors,
    ...extensionErrors(schema, path),
    ...validationErrors(schema, path),
    ...typeErrors(schema, level, path),
  ];
}

function extensionErrors({ intOrString, preserveUnknownFields, embeddedResource }: Schema, path: string): FieldError[] {
  if (!intOrString) return [];
  const text = 'must be false if x-kubernetes-int-or-string is true';
  return [
    ...(preserveUnknownFields === true
      ? [invalidValue(childPath(path, 'x-kubernetes-preserve-unknown-fields'), true, text)]
      : []),
    ...(embeddedResource ? [invalidValue(childPath(path, 'x-kubernetes-embedded-resource'), true, text)] : []),
  ];
}

function typeErrors(schema: Schema, level: Level, path: string): FieldError[] {
  const { type, embeddedResource } = schema;
  const where = childPath(path, 'type');
  const errors: FieldError[] = [];
  if (embeddedResource && type !== 'object') {
    const text = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(type === '' ? required(where, text) : invalidValue(where, type, text));
  } else if (type === '' && !schema.intOrString && schema.preserveUnknownFields !== true) {
    errors.push(required(where, MISSING_TYPE[level]));
  }
  if (embeddedResource && schema.additionalProperties !== undefined) {
    const text = 'must not be used if x-kubernetes-embedded-resource is set';
    errors.push(fieldForbidden(childPath(path, 'additionalProperties'), text));
  }
  if (level === 'root' && type !== '' && type !== 'object') {
    errors.push(invalidValue(where, type, 'must be object at the root'));
  }
  errors.push(...resourceErrors(schema, level, path));
  if (embeddedResource && schema.preserveUnknownFields !== true && schema.properties.size === 0) {
    const text =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push(required(childPath(path, 'properties'), text));
  }
  return errors;
}

/** apiVersion, kind and metadata of an object that has them. */
function resourceErrors(schema: Schema, level: Level, path: string): FieldError[] {
  const isResource = level === 'root' || schema.embeddedResource;
  const errors: FieldError[] = [];
  for (const name of ['kind', 'apiVersion']) {
    const type = schema.properties.get(name)?.type;
    if (isResource && type !== undefined && type !== 'string') {
      errors.push(invalidValue(childPath(propertyPath(path, name), 'type'), type, 'must be string'));
    }
  }
  const metadata = schema.properties.get('metadata');
  if (metadata === undefined) return errors;
  const where = propertyPath(path, 'metadata');
  if (isResource && metadata.type !== 'object') {
    errors.push(invalidValue(childPath(where, 'type'), metadata.type, 'must be object'));
  }
  if (level === 'root' && !restrictsNamesAlone(metadata)) {
    const text = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
    errors.push(fieldForbidden(where, text));
  }
  return errors;
}

function restrictsNamesAlone({ json, properties }: Schema): boolean {
  const extra = Object.keys(json).filter((key) => !['type', 'default', 'properties'].includes(key));
  return extra.length === 0 && [...properties.keys()].every((name) => name === 'name' || name === 'generateName');
}

/** Errors of what a schema says beside its structure; nested validations may only validate. */
function validationErrors(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const nested = (each: Schema, where: string, exempt: readonly Schema[] = []): void => {
    errors.push(...nestedErrors(each, where, exempt));
  };
  if (!isIntOrString(schema.anyOf)) {
    for (const [index, each] of schema.anyOf.entries()) nested(each, indexPath(childPath(path, 'anyOf'), index));
  }
  for (const [index, each] of schema.allOf.entries()) {
    const exempt = index === 0 && isIntOrString(each.anyOf) ? each.anyOf : [];
    nested(each, indexPath(childPath(path, 'allOf'), index), exempt);
  }
  for (const [index, each] of schema.oneOf.entries()) nested(each, indexPath(childPath(path, 'oneOf'), index));
  if (schema.not !== undefined) nested(schema.not, childPath(path, 'not'));
  return [...errors, ...patternErrors(schema.pattern, childPath(path, 'pattern'))];
}

/** `anyOf: [{type: integer}, {type: string}]`, the one nested place where types may stand. */
function isIntOrString(anyOf: readonly Schema[]): boolean {
  const only = (schema: Schema | undefined, type: string): boolean =>
    schema?.type === type && Object.keys(schema.json).length === 1;
  return anyOf.length === 2 && only(anyOf[0], 'integer') && only(anyOf[1], 'string');
}

function patternErrors(pattern: string, path: string): FieldError[] {
  const compiled = pattern === '' ? undefined : compilePattern(pattern);
  if (typeof compiled !== 'string') return [];
  return [invalidValue(path, pattern, `must be a valid regular expression, but isn't: ${compiled}`)];
}

function nestedErrors(schema: Schema, path: string, exempt: readonly Schema[]): FieldError[] {
  const whole = exempt.length > 0 ? { ...schema, anyOf: [] } : schema;
  const errors = validationErrors(whole, path);
  if (schema.items !== undefined) errors.push(...nestedErrors(schema.items, childPath(path, 'items'), []));
  for (const [name, property] of schema.properties) {
    errors.push(...nestedErrors(property, propertyPath(path, name), []));
  }
  for (const [field, text] of forbiddenIn(schema)) errors.push(fieldForbidden(childPath(path, field), text));
  if (schema.properties.has('metadata')) {
    errors.push(fieldForbidden(propertyPath(path, 'metadata'), 'must not be specified in a nested context'));
  }
  return errors;
}

/** What a nested validation says and may not, and why. */
function forbiddenIn({ json, ...schema }: Schema): (readonly [field: string, text: string])[] {
  const text = (field: string): boolean => typeof json[field] === 'string' && json[field] !== '';
  const rows: readonly (readonly [boolean, string, string])[] = [
    [schema.type !== '', 'type', 'must be empty to be structural'],
    [
      schema.additionalProperties !== undefined && schema.additionalProperties !== false,
      'additionalProperties',
      'must be undefined to be structural',
    ],
    [schema.default !== undefined, 'default', 'must be undefined to be structural'],
    [text('title'), 'title', 'must be empty to be structural'],
    [text('description'), 'description', 'must be empty to be structural'],
    [schema.nullable, 'nullable', 'must be false to be structural'],
    [schema.preserveUnknownFields === true, 'x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
    [schema.embeddedResource, 'x-kubernetes-embedded-resource', 'must be false to be structural'],
    [schema.intOrString, 'x-kubernetes-int-or-string', 'must be false to be structural'],
    [schema.listMapKeys.length > 0, 'x-kubernetes-list-map-keys', 'must be empty to be structural'],
    [schema.listType !== undefined, 'x-kubernetes-list-type', 'must be undefined to be structural'],
    [schema.mapType !== undefined, 'x-kubernetes-map-type', 'must be undefined to be structural'],
    [schema.validations.length > 0, 'x-kubernetes-validations', 'must be empty to be structural'],
  ];
  return rows.filter(([wrong]) => wrong).map(([, field, why]) => [field, why]);
}

export function propertyPath(path: string, name: string): string {
  return keyPath(childPath(path, 'properties'), name);
}
