import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, invalidValue } from '../../../model/field-error.ts';
import type { JsonValue } from '../../../model/json-value.ts';
import { parseJsonPath } from '../../../model/jsonpath/json-path.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { goText } from '../../../model/go-text.ts';
import { qualifiedNameMessages } from '../../../model/names.ts';
import { forbidden } from '../../../model/status-errors.ts';
import { validateMetadata, validateMetadataUpdate, subdomainName } from '../../metadata/validate-metadata.ts';
import type { Strategy } from '../../strategy.ts';
import type { RuleValidator } from '../cel/rule-validator.ts';
import type { Definition, DefinitionVersion } from '../definition/definition.ts';
import { applyDefaults } from '../schema/apply-defaults.ts';
import { Correlation } from '../schema/correlation.ts';
import { listTypeErrors } from '../schema/list-type-errors.ts';
import { embeddedErrors } from '../schema/object-meta.ts';
import { ValueValidator } from '../schema/value-validator.ts';
import { firstFound, printerColumns } from './printer-columns.ts';
import { scaleSpecErrors, scaleStatusErrors } from './scale-errors.ts';

const STANDARD_FINALIZERS = ['orphan', 'foregroundDeletion', 'kubernetes'];
const NOT_CHECKED =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
/** Errors that leave the rules of a schema nothing to work on. */
const BLOCKING: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** What a version of a definition says of its objects; `rules` are its schema's, when it has some. */
export function customStrategy(
  definition: Definition,
  version: DefinitionVersion,
  rules: RuleValidator | undefined,
): Strategy {
  const checks = new Checks(definition, version, rules);
  const { schema } = version;
  return {
    hasStatus: version.status,
    allowCreateOnUpdate: false,
    allowUnconditionalUpdate: false,
    table: printerColumns(version.columns),
    selectableFields: selectableFields(version),
    defaults: (object) => applyDefaults(object, schema),
    prepareForCreate(object) {
      if (version.status) delete object['status'];
      object.metadata.generation = 1;
    },
    prepareForUpdate(object, old) {
      if (version.status) takeStatus(object, old);
      if (desiredStateChanged(object, old)) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    ...(version.status ? { prepareForStatusUpdate: keepAllButStatus } : {}),
    async admit(object, old) {
      if (old === undefined && definition.terminating) throw terminating(definition, object);
    },
    validate: (object) => checks.create(object),
    validateUpdate: (object, old) => checks.update(object, old),
    validateStatusUpdate: (object, old) => checks.updateStatus(object, old),
    warnings: finalizerWarnings,
  };
}

class Checks {
  readonly #definition: Definition;
  readonly #version: DefinitionVersion;
  readonly #rules: RuleValidator | undefined;
  readonly #values: ValueValidator | undefined;
  readonly #status: ValueValidator | undefined;

  constructor(definition: Definition, version: DefinitionVersion, rules: RuleValidator | undefined) {
    const { schema } = version;
    const status = version.status ? schema?.properties.get('status') : undefined;
    this.#definition = definition;
    this.#version = version;
    this.#rules = rules;
    this.#values = schema === undefined ? undefined : new ValueValidator(schema);
    this.#status = status === undefined ? undefined : new ValueValidator(status);
  }

  create(object: KubeObject): FieldError[] {
    const { schema, scale } = this.#version;
    const typeErrors = this.#typeErrors(object);
    if (typeErrors.length > 0) return typeErrors;
    const errors = [
      ...(this.#values?.validate(object as unknown as JsonValue) ?? []),
      ...scaleSpecErrors(object, scale),
      ...scaleStatusErrors(object, scale),
      ...embeddedErrors(object, schema),
      ...listTypeErrors(object, schema),
    ];
    const metadata = validateMetadata(object, this.#definition.namespaced, subdomainName);
    return [...errors, ...this.#ruleErrors([...metadata, ...errors], object, undefined)];
  }

  update(object: KubeObject, old: KubeObject): FieldError[] {
    const { schema, scale } = this.#version;
    const typeErrors = this.#typeErrors(object);
    if (typeErrors.length > 0) return typeErrors;
    const before = correlated(this.#version, object, old);
    const errors = [
      ...(this.#values?.validate(object as unknown as JsonValue, '', before) ?? []),
      ...scaleSpecErrors(object, scale),
      ...scaleStatusErrors(object, scale),
      ...embeddedErrors(object, schema),
      ...this.#listErrors(object, old),
    ];
    return [...errors, ...this.#ruleErrors([...validateMetadataUpdate(object, old), ...errors], object, old)];
  }

  updateStatus(object: KubeObject, old: KubeObject): FieldError[] {
    const typeErrors = this.#typeErrors(object);
    if (typeErrors.length > 0) return typeErrors;
    const before = correlated(this.#version, object, old).field('status');
    const status = object['status'] as JsonValue | undefined;
    const errors = [
      ...(status === undefined ? [] : (this.#status?.validate(status, 'status', before) ?? [])),
      ...scaleStatusErrors(object, this.#version.scale),
      ...this.#listErrors(object, old),
    ];
    return [...errors, ...this.#ruleErrors([...validateMetadataUpdate(object, old), ...errors], object, old)];
  }

  /** Lists that were wrong before may stay so. */
  #listErrors(object: KubeObject, old: KubeObject): FieldError[] {
    const { schema } = this.#version;
    const errors = listTypeErrors(object, schema);
    return errors.length === 0 || listTypeErrors(old, schema).length > 0 ? [] : errors;
  }

  #ruleErrors(found: readonly FieldError[], object: KubeObject, old: KubeObject | undefined): FieldError[] {
    if (this.#rules === undefined) return [];
    if (found.some(({ type }) => BLOCKING.has(type))) return [invalidValue('<nil>', null, NOT_CHECKED)];
    const before = old === undefined ? undefined : correlated(this.#version, object, old);
    return this.#rules.validate(object as unknown as JsonValue, before);
  }

  #typeErrors(object: KubeObject): FieldError[] {
    const { group, names } = this.#definition;
    const apiVersion = `${group}/${this.#version.name}`;
    return [
      ...(object.kind === names.kind ? [] : [invalidValue('kind', object.kind, `must be ${names.kind}`)]),
      ...(object.apiVersion === apiVersion
        ? []
        : [invalidValue('apiVersion', object.apiVersion, `must be ${apiVersion}`)]),
    ];
  }
}

function correlated({ schema }: DefinitionVersion, object: KubeObject, old: KubeObject): Correlation {
  return new Correlation(schema, object as unknown as JsonValue, old as unknown as JsonValue);
}

function takeStatus(object: KubeObject, old: KubeObject): void {
  if (old['status'] === undefined) delete object['status'];
  else object['status'] = old['status'];
}

function desiredStateChanged(object: KubeObject, old: KubeObject): boolean {
  const { metadata: _metadata, ...now } = object;
  const { metadata: _before, ...before } = old;
  return !deepEqual(now, before);
}

/** A write to the status changes nothing else, metadata least of all. */
function keepAllButStatus(object: KubeObject, old: KubeObject): void {
  const { status, metadata } = object;
  const { managedFields } = metadata;
  for (const key of Object.keys(object)) delete object[key];
  Object.assign(object, structuredClone(old));
  if (managedFields === undefined) delete object.metadata.managedFields;
  else object.metadata.managedFields = managedFields;
  if (status === undefined) delete object['status'];
  else object['status'] = status;
}

function terminating({ group, names }: Definition, object: KubeObject): Error {
  const why = 'create not allowed while custom resource definition is terminating';
  return forbidden({ group, resource: names.plural }, object.metadata.name ?? '', why);
}

function selectableFields({ selectableFields: paths }: DefinitionVersion): NonNullable<Strategy['selectableFields']> {
  return Object.fromEntries(
    paths.map((text) => {
      const path = parseJsonPath(`{${text}}`);
      return [text.replace(/^\./, ''), (object: KubeObject) => selectableText(firstFound(path, object))];
    }),
  );
}

function selectableText(value: JsonValue | undefined): string {
  return value === undefined || value === null ? '' : goText(value);
}

function finalizerWarnings(object: KubeObject, old: KubeObject | undefined): string[] {
  const before = new Set(old?.metadata.finalizers);
  const added = [...new Set(object.metadata.finalizers)].filter((each) => !before.has(each)).sort();
  return added.flatMap((finalizer) => {
    const head = `metadata.finalizers: ${JSON.stringify(finalizer)}:`;
    const odd = qualifiedNameMessages(finalizer).map((text) => `${head} ${text}`);
    if (finalizer.includes('/') || STANDARD_FINALIZERS.includes(finalizer)) return odd;
    const path = finalizer.includes('.') ? ' including a path (/)' : '';
    const advice = `prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`;
    return [...odd, `${head} ${advice}`];
  });
}
