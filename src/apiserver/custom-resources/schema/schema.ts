import { isJsonObject, type JsonObject, type JsonValue } from '../../../model/json-value.ts';

/** One entry of x-kubernetes-validations. */
export interface ValidationRule {
  readonly rule: string;
  readonly message: string;
  readonly messageExpression: string;
  readonly reason: string | undefined;
  readonly fieldPath: string;
  readonly optionalOldSelf: boolean | undefined;
  readonly json: JsonObject;
}

/**
 * An OpenAPI v3 schema of a CustomResourceDefinition (apiextensions' JSONSchemaProps), read once. Absent texts are '',
 * absent lists empty; maps are in the order of their keys, as Go's have none.
 */
export interface Schema {
  readonly json: JsonObject;
  readonly type: string;
  readonly format: string;
  readonly nullable: boolean;
  /** Undefined when there is none; null is none either. */
  readonly default: JsonValue | undefined;
  readonly properties: ReadonlyMap<string, Schema>;
  readonly additionalProperties: Schema | boolean | undefined;
  readonly items: Schema | undefined;
  /** Items as a list of schemas, which is refused. */
  readonly itemSchemas: readonly Schema[];
  readonly enum: readonly JsonValue[];
  readonly required: readonly string[];
  readonly maximum: number | undefined;
  readonly minimum: number | undefined;
  readonly exclusiveMaximum: boolean;
  readonly exclusiveMinimum: boolean;
  readonly multipleOf: number | undefined;
  readonly maxLength: number | undefined;
  readonly minLength: number | undefined;
  readonly maxItems: number | undefined;
  readonly minItems: number | undefined;
  readonly maxProperties: number | undefined;
  readonly minProperties: number | undefined;
  readonly uniqueItems: boolean;
  readonly pattern: string;
  readonly allOf: readonly Schema[];
  readonly anyOf: readonly Schema[];
  readonly oneOf: readonly Schema[];
  readonly not: Schema | undefined;
  readonly preserveUnknownFields: boolean | undefined;
  readonly embeddedResource: boolean;
  readonly intOrString: boolean;
  readonly listType: string | undefined;
  readonly listMapKeys: readonly string[];
  readonly mapType: string | undefined;
  readonly validations: readonly ValidationRule[];
}

/** Reads a schema as it stands in a CustomResourceDefinition. */
export function readSchema(json: JsonObject): Schema {
  const { items, additionalProperties, default: defaultValue } = json;
  return {
    json,
    type: textOf(json['type']),
    format: textOf(json['format']),
    nullable: json['nullable'] === true,
    default: defaultValue ?? undefined,
    properties: schemaMap(json['properties']),
    additionalProperties: isJsonObject(additionalProperties)
      ? readSchema(additionalProperties)
      : booleanOf(additionalProperties),
    items: isJsonObject(items) ? readSchema(items) : undefined,
    itemSchemas: schemaList(items),
    enum: Array.isArray(json['enum']) ? json['enum'] : [],
    required: textsOf(json['required']),
    exclusiveMaximum: json['exclusiveMaximum'] === true,
    exclusiveMinimum: json['exclusiveMinimum'] === true,
    ...readBounds(json),
    uniqueItems: json['uniqueItems'] === true,
    pattern: textOf(json['pattern']),
    allOf: schemaList(json['allOf']),
    anyOf: schemaList(json['anyOf']),
    oneOf: schemaList(json['oneOf']),
    not: isJsonObject(json['not']) ? readSchema(json['not']) : undefined,
    ...readExtensions(json),
  };
}

function readBounds(json: JsonObject) {
  return {
    maximum: numberOf(json['maximum']),
    minimum: numberOf(json['minimum']),
    multipleOf: numberOf(json['multipleOf']),
    maxLength: numberOf(json['maxLength']),
    minLength: numberOf(json['minLength']),
    maxItems: numberOf(json['maxItems']),
    minItems: numberOf(json['minItems']),
    maxProperties: numberOf(json['maxProperties']),
    minProperties: numberOf(json['minProperties']),
  };
}

function readExtensions(json: JsonObject) {
  const rules = json['x-kubernetes-validations'];
  return {
    preserveUnknownFields: booleanOf(json['x-kubernetes-preserve-unknown-fields']),
    embeddedResource: json['x-kubernetes-embedded-resource'] === true,
    intOrString: json['x-kubernetes-int-or-string'] === true,
    listType: optionalText(json['x-kubernetes-list-type']),
    listMapKeys: textsOf(json['x-kubernetes-list-map-keys']),
    mapType: optionalText(json['x-kubernetes-map-type']),
    validations: Array.isArray(rules) ? rules.filter(isJsonObject).map(readRule) : [],
  };
}

function readRule(json: JsonObject): ValidationRule {
  return {
    json,
    rule: textOf(json['rule']),
    message: textOf(json['message']),
    messageExpression: textOf(json['messageExpression']),
    reason: optionalText(json['reason']),
    fieldPath: textOf(json['fieldPath']),
    optionalOldSelf: booleanOf(json['optionalOldSelf']),
  };
}

function schemaMap(value: JsonValue | undefined): ReadonlyMap<string, Schema> {
  if (!isJsonObject(value)) return new Map();
  const names = Object.keys(value).sort();
  return new Map(
    names.map((name) => {
      const schema = value[name];
      return [name, readSchema(isJsonObject(schema) ? schema : {})];
    }),
  );
}

function schemaList(value: JsonValue | undefined): Schema[] {
  return Array.isArray(value) ? value.filter(isJsonObject).map(readSchema) : [];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function optionalText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function numberOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' ? value : undefined;
}

function booleanOf(value: JsonValue | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** The schema of all values of a map; undefined when the object is no map, or one of anything. */
export function valueSchemaOf({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** The schema of a field: of the property, or of the map's values. */
export function fieldSchemaOf(schema: Schema | undefined, field: string): Schema | undefined {
  return schema === undefined ? undefined : (schema.properties.get(field) ?? valueSchemaOf(schema));
}

/** All schemas directly inside another, nested validations too. */
export function childSchemas(schema: Schema): Schema[] {
  const values = valueSchemaOf(schema);
  return [
    ...(schema.items === undefined ? [] : [schema.items]),
    ...schema.itemSchemas,
    ...schema.allOf,
    ...schema.anyOf,
    ...schema.oneOf,
    ...(schema.not === undefined ? [] : [schema.not]),
    ...schema.properties.values(),
    ...(values === undefined ? [] : [values]),
  ];
}

/** Whether a schema or one inside it fulfils a condition. */
export function schemaHas(schema: Schema, condition: (schema: Schema) => boolean): boolean {
  return condition(schema) || childSchemas(schema).some((child) => schemaHas(child, condition));
}
