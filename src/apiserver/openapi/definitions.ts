import type { JsonObject, JsonValue } from '../../model/json-value.ts';
import { builtInPackages } from '../../model/schema/schema.ts';
import { groupVersionOf } from '../../model/schema/resource-info.ts';
import type { FieldSchema, ScalarSchema, TypeSchema, ValueSchema } from '../../model/schema/type-schema.ts';
import { definitionName } from './definition-name.ts';
import { implicitDefault, zeroValue } from './implicit-default.ts';
import { type OpenApiVersion, plainScalar, type ScalarDefinition, scalarDefinition } from './scalar-definitions.ts';

/** A kind with its group and version, as `x-kubernetes-group-version-kind` has it. */
export interface GroupVersionKind {
  readonly group: string;
  readonly kind: string;
  readonly version: string;
}

type GroupVersion = Pick<GroupVersionKind, 'group' | 'version'>;

/**
 * The schemas of a document: those that were referred to, and all that these refer to. They say what the tables say of
 * fields (types, required, defaults, enums, lists, patches), and have no descriptions.
 */
export class Definitions {
  readonly #version: OpenApiVersion;
  /** Where the kinds that every group has (DeleteOptions) are found too. */
  readonly #groupVersions: readonly GroupVersion[];
  readonly #schemas = new Map<string, JsonObject>();

  constructor(version: OpenApiVersion, groupVersions: readonly GroupVersion[]) {
    this.#version = version;
    this.#groupVersions = groupVersions;
  }

  /** Refers to a type. */
  type(type: TypeSchema): JsonObject {
    const name = definitionName(type.name);
    if (!this.#schemas.has(name)) {
      // Types refer to themselves: the name is taken before the fields are looked at.
      this.#schemas.set(name, {});
      this.#schemas.set(name, this.#struct(type));
    }
    return this.#reference(name);
  }

  /** Refers to a definition that is no type of the tables. */
  other({ name, schema }: ScalarDefinition): JsonObject {
    this.#schemas.set(name, schema);
    return this.#reference(name);
  }

  /** The schemas in the order of their names. */
  all(): Record<string, JsonObject> {
    return Object.fromEntries([...this.#schemas].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  #reference(name: string): JsonObject {
    return { $ref: `${this.#version === 'v2' ? '#/definitions/' : '#/components/schemas/'}${name}` };
  }

  #struct(type: TypeSchema): JsonObject {
    const fields = flatFields(type);
    const properties: Record<string, JsonObject> = type.isKind
      ? { apiVersion: { type: 'string' }, kind: { type: 'string' } }
      : {};
    for (const field of fields) properties[field.name] = this.#property(field);
    const required = fields.filter((field) => field.required).map(({ name }) => name);
    const sorted = Object.entries(properties).sort(([left], [right]) => (left < right ? -1 : 1));
    return {
      ...(sorted.length === 0 ? {} : { properties: Object.fromEntries(sorted) }),
      ...(required.length === 0 ? {} : { required }),
      type: 'object',
      ...(type.isKind ? { 'x-kubernetes-group-version-kind': this.#kindsOf(type) as unknown as JsonValue } : {}),
      ...(type.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    };
  }

  #kindsOf(type: TypeSchema): GroupVersionKind[] {
    const packageName = type.name.slice(0, type.name.lastIndexOf('.'));
    const kind = type.goName;
    if (packageName !== 'meta.v1') {
      const apiVersion = [...builtInPackages()].find(([, name]) => name === packageName)?.[0] ?? '';
      const { group, version } = groupVersionOf(apiVersion);
      return [{ group, kind, version }];
    }
    if (kind !== 'DeleteOptions') return [{ group: '', kind, version: 'v1' }];
    return this.#groupVersions.map(({ group, version }) => ({ group, kind, version }));
  }

  #property(field: FieldSchema): JsonObject {
    const extras: JsonObject = { ...this.#default(field), ...listRules(field), ...patchRules(field) };
    const { value } = field;
    const ownAtomic = field.atomic && !(value.kind === 'message' && value.message.atomic);
    if (ownAtomic) extras['x-kubernetes-map-type'] = 'atomic';
    if (field.enum !== undefined && value.kind !== 'list') extras['enum'] = [...field.enum].sort();
    return this.#with(this.#value(value, field.enum), extras);
  }

  /** A schema with more said about it. Beside a reference nothing may stand in version 3. */
  #with(schema: JsonObject, extras: JsonObject): JsonObject {
    if (Object.keys(extras).length === 0) return schema;
    if (!('$ref' in schema) || this.#version === 'v2') return { ...schema, ...extras };
    return { allOf: [schema], ...extras };
  }

  #value(value: ValueSchema, values?: readonly string[]): JsonObject {
    if (value.kind === 'message') return this.type(value.message);
    if (value.kind === 'list') {
      const extras = {
        ...this.#elementDefault(value.element),
        ...(values === undefined ? {} : { enum: [...values].sort() }),
      };
      return { type: 'array', items: this.#with(this.#value(value.element), extras) };
    }
    if (value.kind === 'map') {
      const element = this.#with(this.#value(value.element), this.#elementDefault(value.element));
      return { type: 'object', additionalProperties: element };
    }
    return this.#scalar(value);
  }

  #scalar(value: ScalarSchema): JsonObject {
    const plain = plainScalar(value.kind);
    if (plain !== undefined) return { ...plain };
    return this.other(scalarDefinition(value, this.#version));
  }

  /** Version 2 has no defaults. */
  #default(field: FieldSchema): JsonObject {
    const value = this.#version === 'v2' ? undefined : implicitDefault(field);
    return value === undefined ? {} : { default: value };
  }

  #elementDefault(value: ValueSchema): JsonObject {
    const zero = this.#version === 'v2' ? undefined : zeroValue(value);
    return zero === undefined ? {} : { default: zero };
  }
}

/** The fields of a type; those of inlined structs stand among them. */
function flatFields(type: TypeSchema): FieldSchema[] {
  return type.fields.flatMap((field) =>
    field.name === '' && field.value.kind === 'message' ? flatFields(field.value.message) : [field],
  );
}

function listRules({ listType, listMapKeys }: FieldSchema): JsonObject {
  return {
    ...(listType === 'map' ? { 'x-kubernetes-list-map-keys': [...listMapKeys] } : {}),
    ...(listType === undefined ? {} : { 'x-kubernetes-list-type': listType }),
  };
}

function patchRules({ patchStrategies, patchMergeKey }: FieldSchema): JsonObject {
  return {
    ...(patchMergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': patchMergeKey }),
    ...(patchStrategies.length === 0 ? {} : { 'x-kubernetes-patch-strategy': patchStrategies.join(',') }),
  };
}
