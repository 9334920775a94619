import { deepEqual } from '../../model/deep-equal.ts';
import {
  type FieldError,
  fieldForbidden,
  invalidValue,
  notSupported,
  required,
  tooLong,
} from '../../model/field-error.ts';
import type { KubeObject, ObjectMeta, OwnerReference } from '../../model/kube-object.ts';
import {
  dns1123LabelMessages,
  dns1123SubdomainMessages,
  labelValueMessages,
  pathSegmentNameMessages,
  qualifiedNameMessages,
  maskTrailingDash,
} from '../../model/names.ts';

const ANNOTATIONS_LIMIT = 256 * 1024;

/** Checks a name, or what generated names begin with; texts as apimachinery's validators give them. */
export type NameValidator = (name: string, prefix: boolean) => string[];

/** The rule for names of kinds that have none of their own: a DNS-1123 subdomain. */
export const subdomainName: NameValidator = (name, prefix) =>
  dns1123SubdomainMessages(prefix ? maskTrailingDash(name) : name);

/** What is wrong with the metadata of a new object, in apimachinery's order (ValidateObjectMeta). */
export function validateMetadata(object: KubeObject, namespaced: boolean, validateName: NameValidator): FieldError[] {
  const { metadata } = object;
  const errors: FieldError[] = [];
  if (metadata.generateName !== undefined && metadata.generateName !== '') {
    const prefix = metadata.generateName;
    errors.push(...validateName(prefix, true).map((text) => invalidValue('metadata.generateName', prefix, text)));
  }
  const name = metadata.name ?? '';
  if (name === '') errors.push(required('metadata.name', 'name or generateName is required'));
  else {
    const texts = validateName(name, false);
    const segment = texts.length === 0 ? pathSegmentNameMessages(name) : [];
    errors.push(...[...texts, ...segment].map((text) => invalidValue('metadata.name', name, text)));
  }
  errors.push(...namespaceErrors(metadata.namespace ?? '', namespaced), ...generationErrors(metadata));
  errors.push(
    ...commonErrors(metadata),
    ...finalizerErrors(metadata.finalizers ?? []),
    ...managedFieldsErrors(metadata),
  );
  return errors;
}

/** What is wrong with the metadata of an update (ValidateObjectMetaUpdate). */
export function validateMetadataUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  const now = object.metadata;
  const before = old.metadata;
  const errors: FieldError[] = [];
  if (isTime(before.deletionTimestamp)) {
    const had = new Set(before.finalizers);
    const added = [...new Set(now.finalizers)].filter((each) => !had.has(each)).sort();
    if (added.length > 0) {
      const list = added.map((each) => JSON.stringify(each)).join(', ');
      const text = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
      errors.push(fieldForbidden('metadata.finalizers', text));
    }
  }
  errors.push(...generationErrors(now));
  if ((now.generation ?? 0) < (before.generation ?? 0)) {
    errors.push(invalidValue('metadata.generation', now.generation ?? 0, 'must not be decremented'));
  }
  for (const field of [
    'name',
    'namespace',
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ]) {
    if (!deepEqual(now[field] ?? null, before[field] ?? null)) {
      errors.push(invalidValue(`metadata.${field}`, now[field] ?? (field === 'uid' ? '' : null), 'field is immutable'));
    }
  }
  errors.push(...commonErrors(now), ...managedFieldsErrors(now));
  return errors;
}

/** Whether a timestamp is set. */
export function isTime(time: string | null | undefined): time is string {
  return typeof time === 'string' && time !== '';
}

function namespaceErrors(namespace: string, namespaced: boolean): FieldError[] {
  if (!namespaced) return namespace === '' ? [] : [fieldForbidden('metadata.namespace', 'not allowed on this type')];
  if (namespace === '') return [required('metadata.namespace')];
  return dns1123LabelMessages(namespace).map((text) => invalidValue('metadata.namespace', namespace, text));
}

function generationErrors({ generation = 0 }: ObjectMeta): FieldError[] {
  if (generation >= 0) return [];
  return [invalidValue('metadata.generation', generation, 'must be greater than or equal to 0')];
}

function commonErrors(metadata: ObjectMeta): FieldError[] {
  return [
    ...labelErrors(metadata.labels ?? {}),
    ...annotationErrors(metadata.annotations ?? {}),
    ...ownerErrors(metadata.ownerReferences ?? []),
  ];
}

function labelErrors(labels: Record<string, string>): FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...qualifiedNameMessages(key).map((text) => invalidValue('metadata.labels', key, text)),
    ...labelValueMessages(value).map((text) => invalidValue('metadata.labels', value, text)),
  ]);
}

function annotationErrors(annotations: Record<string, string>): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
    const texts = qualifiedNameMessages(key.toLowerCase());
    errors.push(...texts.map((text) => invalidValue('metadata.annotations', key, text)));
  }
  if (size > ANNOTATIONS_LIMIT) errors.push(tooLong('metadata.annotations', ANNOTATIONS_LIMIT));
  return errors;
}

function ownerErrors(owners: readonly OwnerReference[]): FieldError[] {
  const errors: FieldError[] = [];
  let controller: string | undefined;
  for (const [index, owner] of owners.entries()) {
    const path = `metadata.ownerReferences[${index}]`;
    errors.push(...ownerApiVersionErrors(owner, path));
    for (const field of ['kind', 'name', 'uid'] as const) {
      if (!owner[field]) errors.push(required(`${path}.${field}`, 'must not be empty'));
    }
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
      errors.push(invalidValue(path, owner, '/v1, Kind=Event is disallowed from being an owner'));
    }
    if (owner.controller !== true) continue;
    const who = `${owner.kind}/${owner.name}`;
    if (controller === undefined) controller = who;
    else {
      const text = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${who}`;
      errors.push(invalidValue('metadata.ownerReferences', owners, text));
    }
  }
  return errors;
}

function ownerApiVersionErrors({ apiVersion }: OwnerReference, path: string): FieldError[] {
  if (!apiVersion) return [required(`${path}.apiVersion`, 'must not be empty')];
  const parts = apiVersion.split('/');
  if (parts.length <= 2 && parts.at(-1) !== '') return [];
  return [invalidValue(`${path}.apiVersion`, apiVersion, 'must be <group>/<version> or <version>')];
}

function finalizerErrors(finalizers: readonly string[]): FieldError[] {
  const errors = finalizers.flatMap((finalizer) =>
    qualifiedNameMessages(finalizer).map((text) => invalidValue('metadata.finalizers', finalizer, text)),
  );
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    const text = 'finalizer orphan and foregroundDeletion cannot be both set';
    errors.push(invalidValue('metadata.finalizers', finalizers, text));
  }
  return errors;
}

function managedFieldsErrors({ managedFields = [] }: ObjectMeta): FieldError[] {
  return managedFields.flatMap(({ operation, fieldsType }, index) => {
    const path = `metadata.managedFields[${index}]`;
    const errors: FieldError[] = [];
    if (operation === undefined) errors.push(required(`${path}.operation`, 'must not be empty'));
    else if (operation !== 'Apply' && operation !== 'Update') {
      errors.push(notSupported(`${path}.operation`, operation, ['Apply', 'Update']));
    }
    if (fieldsType !== undefined && fieldsType !== 'FieldsV1') {
      errors.push(invalidValue(`${path}.fieldsType`, fieldsType, 'must be `FieldsV1`'));
    }
    return errors;
  });
}
