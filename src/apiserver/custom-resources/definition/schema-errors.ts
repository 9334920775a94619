import { type FieldError, fieldForbidden, invalidValue } from '../../../model/field-error.ts';
import { type CompileRules, defaultErrors } from '../schema/default-errors.ts';
import { type CheckRules, openApiErrors } from '../schema/open-api-errors.ts';
import type { Schema } from '../schema/schema.ts';
import { structuralErrors } from '../schema/structural-errors.ts';

/** What the compiler of rules does for the validation of a definition. */
export interface RuleCompiler {
  readonly check: CheckRules;
  readonly compile: CompileRules;
}

/** What a schema may hold at its root when the status is a subresource, with Go's names of its fields. */
const AT_ROOT = [
  'Description',
  'Type',
  'Format',
  'Title',
  'Maximum',
  'ExclusiveMaximum',
  'Minimum',
  'ExclusiveMinimum',
  'MaxLength',
  'MinLength',
  'Pattern',
  'MaxItems',
  'MinItems',
  'UniqueItems',
  'MultipleOf',
  'Required',
  'Items',
  'Properties',
  'ExternalDocs',
  'Example',
  'XPreserveUnknownFields',
  'XValidations',
];

/** What is wrong with a schema of a definition (validateCustomResourceDefinitionValidation). */
export function schemaErrors(
  schema: Schema | undefined,
  where: { path: string; status: boolean; rules: RuleCompiler | undefined },
): FieldError[] {
  if (schema === undefined) return [];
  const path = `${where.path}.openAPIV3Schema`;
  const errors = where.status ? statusRootErrors(schema, path) : [];
  if (schema.nullable) errors.push(fieldForbidden(`${path}.nullable`, 'nullable cannot be true at the root'));
  const unsupported = unsupportedSchema(schema);
  const structural = unsupported === undefined ? structuralErrors(schema, path) : [];
  const defaults =
    unsupported === undefined && structural.length === 0
      ? defaultErrors(schema, path, where.rules?.compile ?? (() => undefined))
      : [];
  // Rules of a schema that is not structural have nothing to stand on.
  const compiled = unsupported === undefined && structural.length === 0 && defaults.length === 0;
  const check: CheckRules = compiled && where.rules !== undefined ? where.rules.check : () => [];
  const { schemaErrors: open, ruleErrors } = openApiErrors(schema, path, check);
  errors.push(...structural, ...defaults, ...open, ...ruleErrors);
  if (errors.length === 0 && unsupported !== undefined) errors.push(invalidValue(path, '', unsupported));
  return errors;
}

/** Why a schema cannot even be looked at for its structure. */
function unsupportedSchema(schema: Schema): string | undefined {
  if (schema.itemSchemas.length > 0) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  if (typeof schema.json['$schema'] === 'string' && schema.json['$schema'] !== '') {
    return "OpenAPIV3Schema 'schema' is not supported";
  }
  return undefined;
}

function statusRootErrors(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.type !== '' && schema.type !== 'object') {
    const text = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    errors.push(invalidValue(`${path}.type`, schema.type, text));
  }
  const odd = Object.entries(schema.json).find(([field, value]) => isSet(value) && !AT_ROOT.includes(goName(field)));
  if (odd !== undefined) {
    const text = `only [${AT_ROOT.join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`;
    errors.push(invalidValue(path, schema.json, text));
  }
  return errors;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== '' && value !== 0;
}

/** The name of the Go field: `x-kubernetes-validations` is XValidations. */
function goName(field: string): string {
  const words = field.replace(/^x-kubernetes-/, 'x-').split('-');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
