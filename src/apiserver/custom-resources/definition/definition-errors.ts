import { type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { dns1035LabelMessages, dns1123SubdomainMessages } from '../../../model/names.ts';
import { choiceErrors } from '../../kinds/field-checks.ts';
import { flagIn, objectIn, objectsIn, partOf, stringsIn, textIn } from '../../kinds/fields.ts';
import { schemaHas } from '../schema/schema.ts';
import { approvalErrors } from './approval-errors.ts';
import { columnErrors } from './column-errors.ts';
import { conversionErrors } from './conversion-errors.ts';
import { namesIn } from './definition-names.ts';
import {
  type InternalDefinition,
  internalDefinition,
  internalVersionsJson,
  subresourcesOf,
} from './internal-definition.ts';
import { namesErrors } from './names-errors.ts';
import type { RuleCompiler } from './schema-errors.ts';
import { schemaErrors } from './schema-errors.ts';
import { selectableFieldErrors } from './selectable-field-errors.ts';
import { subresourceErrors } from './subresource-errors.ts';

/** What is wrong with a new definition, in kube-apiserver's order; its metadata apart. */
export function definitionErrors(object: KubeObject, rules: RuleCompiler | undefined): FieldError[] {
  return [...nameErrors(object), ...commonErrors(object, undefined, rules)];
}

/** What is wrong with the update of a definition. */
export function definitionUpdateErrors(
  object: KubeObject,
  old: KubeObject,
  rules: RuleCompiler | undefined,
): FieldError[] {
  return commonErrors(object, old, rules);
}

function commonErrors(object: KubeObject, old: KubeObject | undefined, rules: RuleCompiler | undefined): FieldError[] {
  const status = partOf(object, 'status');
  return [
    ...specErrors(internalDefinition(object), rules),
    ...(old === undefined ? [] : immutableErrors(object, old)),
    ...namesErrors(namesIn(partOf(status, 'acceptedNames')), 'status.acceptedNames'),
    ...storedVersionErrors(object),
    ...approvalErrors(object, old),
    ...preserveErrors(object, old),
  ];
}

function nameErrors({ metadata, spec }: KubeObject): FieldError[] {
  const name = metadata.name ?? '';
  const fields = partOf({ spec }, 'spec');
  if (name === `${textIn(partOf(fields, 'names'), 'plural')}.${textIn(fields, 'group')}`) return [];
  return [invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group')];
}

function specErrors(definition: InternalDefinition, rules: RuleCompiler | undefined): FieldError[] {
  const { spec, validation } = definition;
  const names = namesIn(partOf(spec, 'names'));
  const nameFields = ['plural', 'singular', 'kind', 'listKind'] as const;
  const anyStatus = definition.versions.some((version) => hasStatus(subresourcesOf(definition, version)));
  return [
    ...groupErrors(textIn(spec, 'group')),
    ...choiceErrors('spec.scope', textIn(spec, 'scope'), ['Cluster', 'Namespaced']),
    ...missingSchemaErrors(definition),
    ...preservedDefaultErrors(definition),
    ...versionsErrors(definition, rules),
    ...nameFields.filter((field) => names[field] === '').map((field) => required(`spec.names.${field}`)),
    ...namesErrors(names, 'spec.names'),
    ...schemaErrors(validation, { path: 'spec.validation', status: anyStatus, rules }),
    ...subresourceErrors(objectIn(spec, 'subresources'), 'spec.subresources'),
    ...columnErrors(spec, 'spec'),
    ...selectableFieldErrors(spec, validation, 'spec'),
    ...conversionErrors(spec),
  ];
}

function groupErrors(group: string): FieldError[] {
  if (group === '') return [required('spec.group')];
  const texts = dns1123SubdomainMessages(group);
  if (texts.length > 0) return [invalidValue('spec.group', group, texts.join(','))];
  return group.includes('.') ? [] : [invalidValue('spec.group', group, 'should be a domain with at least one dot')];
}

function missingSchemaErrors({ versions, validation }: InternalDefinition): FieldError[] {
  if (validation !== undefined) return [];
  return versions.flatMap(({ schema }, index) =>
    schema === undefined ? [required(`spec.versions[${index}].schema.openAPIV3Schema`)] : [],
  );
}

function preservedDefaultErrors({ spec, versions, validation }: InternalDefinition): FieldError[] {
  if (!flagIn(spec, 'preserveUnknownFields')) return [];
  const schemas = [validation, ...versions.map(({ schema }) => schema)];
  const defaults = schemas.some(
    (schema) => schema !== undefined && schemaHas(schema, (each) => each.default !== undefined),
  );
  if (!defaults) return [];
  return [invalidValue('spec.preserveUnknownFields', true, 'must be false in order to use defaults in the schema')];
}

function versionsErrors(definition: InternalDefinition, rules: RuleCompiler | undefined): FieldError[] {
  const { versions } = definition;
  const errors: FieldError[] = [];
  for (const [index, version] of versions.entries()) {
    const path = `spec.versions[${index}]`;
    const texts = dns1035LabelMessages(version.name);
    if (texts.length > 0) errors.push(invalidValue(`${path}.name`, version.name, texts.join(',')));
    const status = hasStatus(subresourcesOf(definition, version));
    errors.push(
      ...deprecationErrors(version.fields, `${path}.deprecationWarning`),
      ...schemaErrors(version.schema, { path: `${path}.schema`, status, rules }),
      ...subresourceErrors(objectIn(version.fields, 'subresources'), `${path}.subresources`),
      ...columnErrors(version.fields, path),
      ...selectableFieldErrors(version.fields, version.schema, path),
    );
  }
  const shown = internalVersionsJson(definition);
  if (new Set(versions.map(({ name }) => name)).size < versions.length) {
    errors.push(invalidValue('spec.versions', shown, 'must contain unique version names'));
  }
  if (versions.filter(({ fields }) => flagIn(fields, 'storage')).length !== 1) {
    errors.push(invalidValue('spec.versions', shown, 'must have exactly one version marked as storage version'));
  }
  return errors;
}

function hasStatus(subresources: Record<string, unknown>): boolean {
  return objectIn(subresources, 'status') !== undefined;
}

function deprecationErrors(version: Record<string, unknown>, path: string): FieldError[] {
  const warning = version['deprecationWarning'];
  if (typeof warning !== 'string') return [];
  if (!flagIn(version, 'deprecated')) {
    return [invalidValue(path, warning, 'can only be set for deprecated versions')];
  }
  const texts: string[] = [];
  if (Buffer.byteLength(warning) > 256) texts.push('must be <= 256 characters long');
  if (warning === '') texts.push('must not be an empty string');
  const odd = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(warning);
  if (odd !== null) {
    const index = Buffer.byteLength(warning.slice(0, odd.index));
    texts.push(`must only contain printable UTF-8 characters; non-printable character found at index ${index}`);
  }
  return texts.map((text) => invalidValue(path, warning, text));
}

/** What a definition may not change: its group and plural never, its scope and kind not once it is established. */
function immutableErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const established = objectsIn(partOf(old, 'status'), 'conditions').some(
    (each) => textIn(each, 'type') === 'Established' && textIn(each, 'status') === 'True',
  );
  const fields = [...(established ? [['scope'], ['names', 'kind']] : []), ['group'], ['names', 'plural']];
  return fields.flatMap((path) => {
    const last = path.at(-1) ?? '';
    const value = (from: KubeObject): string => textIn(partOf(from, 'spec', ...path.slice(0, -1)), last);
    if (value(object) === value(old)) return [];
    return [invalidValue(`spec.${path.join('.')}`, value(object), 'field is immutable')];
  });
}

function storedVersionErrors(object: KubeObject): FieldError[] {
  const path = 'status.storedVersions';
  const stored = stringsIn(partOf(object, 'status'), 'storedVersions');
  if (stored.length === 0) return [invalidValue(path, null, 'must have at least one stored version')];
  const versions = objectsIn(partOf(object, 'spec'), 'versions');
  const missing = versions
    .filter((version) => flagIn(version, 'storage') && !stored.includes(textIn(version, 'name')))
    .map((version) => invalidValue(path, stored, `must have the storage version ${textIn(version, 'name')}`));
  const names = new Set(versions.map((version) => textIn(version, 'name')));
  const lost = stored.flatMap((name, index) => {
    if (names.has(name)) return [];
    const text = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    return [invalidValue(`${path}[${index}]`, name, text)];
  });
  return [...missing, ...lost];
}

function preserveErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const preserves = (from: KubeObject): boolean => flagIn(partOf(from, 'spec'), 'preserveUnknownFields');
  if (!preserves(object) || (old !== undefined && preserves(old))) return [];
  const text =
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
  return [invalidValue('spec.preserveUnknownFields', true, text)];
}
