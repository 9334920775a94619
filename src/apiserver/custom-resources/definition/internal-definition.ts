import type { JsonObject } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { convertObject } from '../../conversion/convert-object.ts';
import { type Fields, flagIn, objectIn, objectsIn, partOf, textIn } from '../../kinds/fields.ts';
import { readSchema, type Schema } from '../schema/schema.ts';

/** A version in the form that kube-apiserver validates: what all versions share is not in it. */
export interface InternalVersion {
  readonly fields: Fields;
  readonly name: string;
  readonly schema: Schema | undefined;
}

/**
 * A definition in the form that kube-apiserver validates, which its error paths speak of: what all versions say the same
 * stands beside them (`spec.validation`), as in v1beta1.
 */
export interface InternalDefinition {
  readonly spec: Fields;
  readonly versions: readonly InternalVersion[];
  readonly validation: Schema | undefined;
}

/** Brings a definition in v1 into that form; the object is not changed. */
export function internalDefinition(object: KubeObject): InternalDefinition {
  const spec = partOf(convertObject(structuredClone(object), 'apiextensions.k8s.io/v1beta1'), 'spec');
  return {
    spec,
    versions: objectsIn(spec, 'versions').map((fields) => ({
      fields,
      name: textIn(fields, 'name'),
      schema: schemaIn(objectIn(fields, 'schema')),
    })),
    validation: schemaIn(objectIn(spec, 'validation')),
  };
}

function schemaIn(validation: Fields | undefined): Schema | undefined {
  const schema = validation === undefined ? undefined : objectIn(validation, 'openAPIV3Schema');
  return schema === undefined ? undefined : readSchema(schema as JsonObject);
}

/** The subresources of a version: its own, or those that all versions share. */
export function subresourcesOf({ spec, versions }: InternalDefinition, version: InternalVersion): Fields {
  const own = versions.some(({ fields }) => objectIn(fields, 'subresources') !== undefined);
  return partOf(own ? version.fields : spec, 'subresources');
}

/** Versions as Go prints the internal struct; schemas are left out, as they fill pages. */
export function internalVersionsJson({ versions }: InternalDefinition): Fields[] {
  return versions.map(({ fields, name }) => ({
    Name: name,
    Served: flagIn(fields, 'served'),
    Storage: flagIn(fields, 'storage'),
    Deprecated: flagIn(fields, 'deprecated'),
    DeprecationWarning: fields['deprecationWarning'] ?? null,
    Schema: null,
    Subresources: null,
    AdditionalPrinterColumns: null,
    SelectableFields: null,
  }));
}
