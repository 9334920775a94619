import type { JsonObject } from '../../model/json-value.ts';
import { apiVersionOf } from '../../model/schema/resource-info.ts';
import { typeByName, typeForKind } from '../../model/schema/schema.ts';
import type { ResourceCatalog } from '../served-resource.ts';
import { customDefinitionName } from './definition-name.ts';
import { Definitions, type GroupVersionKind } from './definitions.ts';
import type { Content, DescribedResource } from './operations.ts';
import { type OpenApiVersion, PATCH_DEFINITION } from './scalar-definitions.ts';

/** A resource that a document is about; a custom one with its own schema, if it has one. */
export interface DocumentedResource extends DescribedResource {
  readonly custom: boolean;
  readonly schema: JsonObject | undefined;
}

const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** The resources of a catalog that `wanted` chooses, in the catalog's order. */
export async function documentedResources(
  catalog: ResourceCatalog,
  wanted: (info: { readonly group: string; readonly version: string }) => boolean,
): Promise<DocumentedResource[]> {
  const chosen = (await catalog.all()).filter(wanted);
  return Promise.all(
    chosen.map(async (info) => {
      const served = await catalog.find(info.group, info.version, info.plural);
      const builtIn = typeForKind(apiVersionOf(info), info.kind) !== undefined;
      return {
        info,
        subresources: info.subresourceInfos,
        patchTypes: served?.patchTypes ?? PATCH_TYPES,
        custom: !builtIn,
        schema: served?.openApiSchema,
      };
    }),
  );
}

/** Turns what operations carry into references to definitions. */
export class ContentSchemas {
  readonly definitions: Definitions;
  readonly #custom = new Map<string, DocumentedResource>();
  readonly #version: OpenApiVersion;

  constructor(
    version: OpenApiVersion,
    groupVersions: readonly Pick<GroupVersionKind, 'group' | 'version'>[],
    resources: readonly DocumentedResource[],
  ) {
    this.#version = version;
    this.definitions = new Definitions(version, groupVersions);
    for (const resource of resources.filter(({ custom }) => custom)) {
      this.#custom.set(`${apiVersionOf(resource.info)} ${resource.info.kind}`, resource);
    }
  }

  schemaOf(content: Content): JsonObject {
    if (content === 'text') return { type: 'string' };
    if (content === 'patch') return this.definitions.other(PATCH_DEFINITION);
    const type = typeForKind(content.apiVersion, content.kind);
    if (type !== undefined) return this.definitions.type(type);
    const custom = this.#custom.get(`${content.apiVersion} ${content.kind}`);
    if (custom !== undefined) return this.#customObject(custom);
    const list = this.#custom.get(`${content.apiVersion} ${content.kind.replace(/List$/, '')}`);
    return list === undefined ? { type: 'object' } : this.#customList(list);
  }

  #customObject({ info, schema = { type: 'object' } }: DocumentedResource): JsonObject {
    const { group, version, kind } = info;
    const own = this.#version === 'v2' ? withoutVersion3(schema) : schema;
    const properties = (own['properties'] ?? {}) as JsonObject;
    const open = own['properties'] === undefined && own['x-kubernetes-preserve-unknown-fields'] === true;
    return this.definitions.other({
      name: customDefinitionName(group, version, kind),
      schema: {
        ...own,
        ...(open
          ? {}
          : {
              properties: {
                ...properties,
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: this.#metadata('ObjectMeta'),
              },
            }),
        'x-kubernetes-group-version-kind': [{ group, kind, version }],
      },
    });
  }

  #customList(resource: DocumentedResource): JsonObject {
    const { group, version, kind } = resource.info;
    return this.definitions.other({
      name: customDefinitionName(group, version, `${kind}List`),
      schema: {
        properties: {
          apiVersion: { type: 'string' },
          items: { type: 'array', items: this.#customObject(resource) },
          kind: { type: 'string' },
          metadata: this.#metadata('ListMeta'),
        },
        required: ['items'],
        type: 'object',
        'x-kubernetes-group-version-kind': [{ group, kind: `${kind}List`, version }],
      },
    });
  }

  #metadata(name: 'ObjectMeta' | 'ListMeta'): JsonObject {
    const type = typeByName(`meta.v1.${name}`);
    if (type === undefined) throw new Error(`the tables have no ${name}`);
    return this.definitions.type(type);
  }
}

const VERSION_3_ONLY = ['nullable', 'oneOf', 'anyOf', 'allOf', 'not', 'default', 'x-kubernetes-validations'];

/** A schema without what Swagger 2.0 cannot say; what may be null or anything there has no type. */
function withoutVersion3(schema: JsonObject): JsonObject {
  const loose =
    schema['nullable'] === true ||
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema['x-kubernetes-int-or-string'] === true;
  const dropped = loose ? [...VERSION_3_ONLY, 'type', 'items', 'properties', 'additionalProperties'] : VERSION_3_ONLY;
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (!dropped.includes(key)) result[key] = key === 'properties' ? mapped(value) : nested(key, value);
  }
  return result;
}

function mapped(value: JsonObject[string]): JsonObject {
  const entries = Object.entries((value ?? {}) as Record<string, JsonObject>);
  return Object.fromEntries(entries.map(([name, schema]) => [name, withoutVersion3(schema)]));
}

function nested(key: string, value: JsonObject[string]): JsonObject[string] {
  const isSchema = (key === 'items' || key === 'additionalProperties') && value !== null && typeof value === 'object';
  return isSchema ? withoutVersion3(value as JsonObject) : value;
}
