import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { childPath, indexPath } from '../field-path.ts';
import { listTypeSchemaErrors } from './list-type-schema-errors.ts';
import { ruleTextErrors } from './rule-text-errors.ts';
import { type Schema, valueSchemaOf } from './schema.ts';
import { propertyPath } from './structural-errors.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const META_FIELDS = ['metadata', 'kind', 'apiVersion'];

/** Fields of JSON schema that are not supported, and when they count as there. */
const UNSUPPORTED: readonly (readonly [field: string, isThere: (value: unknown) => boolean])[] = [
  ['id', (value) => value !== '' && value !== undefined],
  ['additionalItems', (value) => value !== undefined && value !== null],
  ['patternProperties', hasFields],
  ['definitions', hasFields],
  ['dependencies', (value) => value !== undefined && value !== null],
  ['$ref', (value) => value !== undefined && value !== null],
];

function hasFields(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** Where in a definition's schema a part of it stands. */
export interface SchemaPlace {
  readonly path: string;
  readonly isRoot: boolean;
  /** Why a default is refused here; undefined where it is allowed. */
  readonly noDefault: string | undefined;
  readonly insideMeta: boolean;
  /** The outermost list or map whose old parts cannot be told from its new ones. */
  readonly uncorrelatable: string | undefined;
  /** Whether rules stand where they are run: not in a nested validation. */
  readonly structural: boolean;
}

/** Checks the rules of one part of a schema; called when nothing else is wrong with the part or what is inside it. */
export type CheckRules = (schema: Schema, place: SchemaPlace) => FieldError[];

/** What is wrong with a schema whatever its structure (ValidateCustomResourceDefinitionOpenAPISchema). */
export function openApiErrors(
  schema: Schema,
  path: string,
  checkRules: CheckRules,
): { schemaErrors: FieldError[]; ruleErrors: FieldError[] } {
  const walk = new Walk(checkRules);
  walk.visit(schema, {
    path,
    isRoot: true,
    noDefault: undefined,
    insideMeta: false,
    uncorrelatable: undefined,
    structural: true,
  });
  return walk;
}

class Walk {
  readonly schemaErrors: FieldError[] = [];
  readonly ruleErrors: FieldError[] = [];
  readonly #checkRules: CheckRules;

  constructor(checkRules: CheckRules) {
    this.#checkRules = checkRules;
  }

  visit(schema: Schema, place: SchemaPlace): void {
    const before = this.schemaErrors.length;
    const { path } = place;
    this.schemaErrors.push(...ownErrors(schema, place));
    this.#children(schema, place);
    if (schema.preserveUnknownFields === false) {
      const where = childPath(path, 'x-kubernetes-preserve-unknown-fields');
      this.schemaErrors.push(invalidValue(where, false, 'must be true or undefined'));
    }
    this.schemaErrors.push(...mapTypeErrors(schema, path), ...listTypeSchemaErrors(schema, path));
    this.schemaErrors.push(...ruleTextErrors(schema, path));
    if (schema.validations.length > 0 && this.schemaErrors.length === before && place.structural) {
      this.ruleErrors.push(...this.#checkRules(schema, place));
    }
  }

  #children(schema: Schema, place: SchemaPlace): void {
    const { path } = place;
    const below: SchemaPlace = { ...place, isRoot: false };
    const values = valueSchemaOf(schema);
    if (values !== undefined) {
      const noDefault = place.insideMeta ? 'inside additionalProperties applying to object metadata' : place.noDefault;
      this.visit(values, { ...below, path: childPath(path, 'additionalProperties'), noDefault });
    }
    for (const [name, property] of schema.properties) {
      const meta = (place.isRoot || schema.embeddedResource) && META_FIELDS.includes(name);
      this.visit(property, {
        ...below,
        path: propertyPath(path, name),
        insideMeta: place.insideMeta || meta,
        noDefault: meta && place.isRoot ? `in top-level ${name}` : place.noDefault,
      });
    }
    this.#nested(schema, below);
    if (schema.items !== undefined) {
      const uncorrelatable = schema.listType === 'map' ? place.uncorrelatable : (place.uncorrelatable ?? path);
      this.visit(schema.items, { ...below, path: childPath(path, 'items'), uncorrelatable });
    }
  }

  #nested(schema: Schema, below: SchemaPlace): void {
    const { path } = below;
    const place = { ...below, structural: false };
    if (schema.not !== undefined) this.visit(schema.not, { ...place, path: childPath(path, 'not') });
    for (const field of ['allOf', 'oneOf', 'anyOf'] as const) {
      for (const [index, each] of schema[field].entries()) {
        this.visit(each, { ...place, path: indexPath(childPath(path, field), index) });
      }
    }
    for (const [index, each] of schema.itemSchemas.entries()) {
      this.visit(each, { ...place, path: indexPath(childPath(path, 'items'), index) });
    }
  }
}

function ownErrors(schema: Schema, { path, noDefault, insideMeta }: SchemaPlace): FieldError[] {
  const errors: FieldError[] = [];
  const forbid = (field: string, text: string): void => {
    errors.push(fieldForbidden(childPath(path, field), text));
  };
  if (schema.type !== '' && !TYPES.includes(schema.type)) {
    errors.push(notSupported(childPath(path, 'type'), schema.type, TYPES));
  }
  if (schema.default !== undefined && noDefault !== undefined) forbid('default', `must not be set ${noDefault}`);
  for (const [field, isThere] of UNSUPPORTED) {
    if (isThere(schema.json[field])) forbid(field, `${field} is not supported`);
  }
  if (schema.type === 'null') forbid('type', 'type cannot be set to null, use nullable as an alternative');
  if (schema.itemSchemas.length > 0) forbid('items', 'items must be a schema object and not an array');
  if (insideMeta && schema.embeddedResource) {
    forbid('x-kubernetes-embedded-resource', 'must not be used inside of resource meta');
  }
  if (schema.uniqueItems) {
    forbid('uniqueItems', 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic');
  }
  const exclusive = schema.additionalProperties !== undefined && schema.additionalProperties !== true;
  if (exclusive && schema.properties.size > 0) {
    forbid('additionalProperties', 'additionalProperties and properties are mutual exclusive');
  }
  return errors;
}

function mapTypeErrors({ mapType, type }: Schema, path: string): FieldError[] {
  if (mapType === undefined) return [];
  const errors: FieldError[] = [];
  const where = childPath(path, 'type');
  const text = 'must be object if x-kubernetes-map-type is specified';
  if (type === '') errors.push(required(where, text));
  else if (type !== 'object') errors.push(invalidValue(where, type, text));
  if (mapType !== 'atomic' && mapType !== 'granular') {
    errors.push(notSupported(childPath(path, 'x-kubernetes-map-type'), mapType, ['atomic', 'granular']));
  }
  return errors;
}
