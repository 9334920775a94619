import { deepEqual } from '../../model/deep-equal.ts';
import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';

type Fields = Record<string, unknown>;

/** Where v1beta1 holds what v1 says of each version, when all versions say the same. */
const SHARED: readonly (readonly [version: string, top: string])[] = [
  ['schema', 'validation'],
  ['subresources', 'subresources'],
  ['additionalPrinterColumns', 'additionalPrinterColumns'],
  ['selectableFields', 'selectableFields'],
];

/** An apiextensions.k8s.io/v1 CustomResourceDefinition as v1beta1, which is how kube-apiserver stores it. */
export function crdToV1beta1(object: KubeObject): KubeObject {
  const { versions, conversion, preserveUnknownFields, ...spec } = fieldsOf(object['spec']);
  const all = listOf(versions).map((version) => renameColumns(version, 'jsonPath', 'JSONPath'));
  const converted: Fields = { ...spec };
  const [first] = all;
  if (first !== undefined) converted['version'] = first['name'];
  for (const [each, top] of SHARED) {
    if (first === undefined || !all.every((version) => deepEqual(version[each] ?? null, first[each] ?? null))) continue;
    if (first[each] !== undefined) converted[top] = first[each];
    for (const version of all) delete version[each];
  }
  converted['versions'] = all;
  if (conversion !== undefined) converted['conversion'] = conversionToV1beta1(fieldsOf(conversion));
  converted['preserveUnknownFields'] = preserveUnknownFields ?? false;
  return { ...object, spec: converted };
}

/** A stored v1beta1 CustomResourceDefinition as v1. */
export function crdToV1(object: KubeObject): KubeObject {
  const { version, versions, conversion, preserveUnknownFields, ...rest } = fieldsOf(object['spec']);
  const spec: Fields = {};
  const shared: Fields = {};
  for (const [field, value] of Object.entries(rest)) {
    const [each] = SHARED.find(([, top]) => top === field) ?? [];
    if (each === undefined) spec[field] = value;
    else shared[each] = value;
  }
  const listed = listOf(versions);
  const all =
    listed.length === 0 && typeof version === 'string' ? [{ name: version, served: true, storage: true }] : listed;
  spec['versions'] = all.map((one) => renameColumns({ ...one, ...missing(one, shared) }, 'JSONPath', 'jsonPath'));
  if (conversion !== undefined) spec['conversion'] = conversionToV1(fieldsOf(conversion));
  // v1beta1's default is to keep unknown fields.
  if (preserveUnknownFields !== false) spec['preserveUnknownFields'] = true;
  return { ...object, spec };
}

function missing(version: Fields, shared: Fields): Fields {
  return Object.fromEntries(Object.entries(shared).filter(([field]) => version[field] === undefined));
}

function renameColumns(version: Fields, from: string, to: string): Fields {
  const columns = version['additionalPrinterColumns'];
  if (!Array.isArray(columns)) return { ...version };
  const renamed = columns.map((column: unknown) => {
    const { [from]: path, ...rest } = fieldsOf(column);
    return path === undefined ? rest : { ...rest, [to]: path };
  });
  return { ...version, additionalPrinterColumns: renamed };
}

function conversionToV1beta1({ webhook, ...conversion }: Fields): Fields {
  if (webhook === undefined) return conversion;
  const { clientConfig, conversionReviewVersions } = fieldsOf(webhook);
  return {
    ...conversion,
    ...(clientConfig === undefined ? {} : { webhookClientConfig: clientConfig }),
    ...(conversionReviewVersions === undefined ? {} : { conversionReviewVersions }),
  };
}

function conversionToV1({ webhookClientConfig, conversionReviewVersions, ...conversion }: Fields): Fields {
  if (webhookClientConfig === undefined && conversionReviewVersions === undefined) return conversion;
  return {
    ...conversion,
    webhook: {
      ...(webhookClientConfig === undefined ? {} : { clientConfig: webhookClientConfig }),
      conversionReviewVersions: conversionReviewVersions ?? [],
    },
  };
}

function fieldsOf(value: unknown): Fields {
  return isJsonObject(value) ? value : {};
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}
