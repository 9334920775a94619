import type { JsonObject } from '../../model/json-value.ts';
import type { ScalarKind, ScalarSchema } from '../../model/schema/type-schema.ts';
import { definitionName } from './definition-name.ts';

/** Which version of OpenAPI a document is in: 3.0, or Swagger 2.0. */
export type OpenApiVersion = 'v2' | 'v3';

/** A Go type that is a scalar in JSON and has a definition of its own. */
export interface ScalarDefinition {
  readonly name: string;
  readonly schema: JsonObject;
}

const PLAIN: Partial<Record<ScalarKind, JsonObject>> = {
  string: { type: 'string' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  uint32: { type: 'integer', format: 'int64' },
  uint64: { type: 'integer', format: 'int64' },
  bool: { type: 'boolean' },
  double: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
  Any: {},
};

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

const NAMED: Partial<Record<ScalarKind, { readonly name: string; readonly v2: JsonObject; readonly v3?: JsonObject }>> =
  {
    Time: { name: `${META}.Time`, v2: { type: 'string', format: 'date-time' } },
    MicroTime: { name: `${META}.MicroTime`, v2: { type: 'string', format: 'date-time' } },
    Duration: { name: `${META}.Duration`, v2: { type: 'string' } },
    FieldsV1: { name: `${META}.FieldsV1`, v2: { type: 'object' } },
    RawExtension: { name: 'io.k8s.apimachinery.pkg.runtime.RawExtension', v2: { type: 'object' } },
    Quantity: {
      name: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
      v2: { type: 'string' },
      v3: { oneOf: [{ type: 'string' }, { type: 'number' }] },
    },
    IntOrString: {
      name: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
      v2: { type: 'string', format: 'int-or-string' },
      v3: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
    },
  };

/** What clients send as a patch: any object. */
export const PATCH_DEFINITION: ScalarDefinition = { name: `${META}.Patch`, schema: { type: 'object' } };

/** The schema of a scalar without a definition of its own; undefined for one that has one. */
export function plainScalar(kind: ScalarKind): JsonObject | undefined {
  return PLAIN[kind];
}

/** The definition of a scalar that plainScalar does not know. */
export function scalarDefinition(value: ScalarSchema, version: OpenApiVersion): ScalarDefinition {
  const named = NAMED[value.kind];
  if (named !== undefined) return { name: named.name, schema: version === 'v2' ? named.v2 : (named.v3 ?? named.v2) };
  // Any JSON value, and the JSONSchemaPropsOr… kinds: of no one type.
  const props = value.message?.name ?? 'apiextensions.v1.JSON';
  return { name: definitionName(`${props.slice(0, props.lastIndexOf('.'))}.${value.kind}`), schema: {} };
}
