import { deepClone } from '../../../model/deep-clone.ts';
import { DecodeError } from '../../../model/decode/decode-error.ts';
import type { JsonObject } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { ResourceInfo, SubresourceInfo } from '../../../model/schema/resource-info.ts';
import { groupVersionOf } from '../../../model/schema/resource-info.ts';
import { customStorageInfo } from '../../../model/schema/storage-info.ts';
import { notImplemented } from '../../not-implemented.ts';
import type { Lifecycle, ServedResource } from '../../served-resource.ts';
import type { RuleValidator } from '../cel/rule-validator.ts';
import type { Definition, DefinitionVersion } from '../definition/definition.ts';
import { applyDefaults } from '../schema/apply-defaults.ts';
import { coerceEmbedded, decodeObjectMeta } from '../schema/object-meta.ts';
import { pruneNulls, pruneUnknownFields } from '../schema/prune.ts';
import { sortedKeys } from '../sorted-keys.ts';
import { customStrategy } from './custom-strategy.ts';
import { deprecationWarnings } from './deprecation-warnings.ts';

const PATCH_TYPES = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];
const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const TERMINATING_VERBS = ['delete', 'deletecollection', 'get', 'list', 'watch'];
const SUBRESOURCE_VERBS = ['get', 'patch', 'update'];

/** A custom resource as discovery tells of it. */
export type CustomResourceInfo = ResourceInfo & {
  readonly subresourceInfos: readonly SubresourceInfo[];
  readonly storageVersion: string;
};

/** What discovery tells of a version of a definition. */
export function customResourceInfo(definition: Definition, version: DefinitionVersion): CustomResourceInfo {
  const { group, names, namespaced, terminating, storageVersion } = definition;
  const own = { group, version: version.name, kind: names.kind, verbs: SUBRESOURCE_VERBS };
  const subresourceInfos: SubresourceInfo[] = [
    ...(version.status ? [{ name: 'status', ...own }] : []),
    ...(version.scale === undefined
      ? []
      : [{ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: SUBRESOURCE_VERBS }]),
  ];
  return {
    group,
    version: version.name,
    plural: names.plural,
    singular: names.singular,
    kind: names.kind,
    namespaced,
    verbs: terminating ? TERMINATING_VERBS : VERBS,
    shortNames: names.shortNames,
    categories: names.categories,
    subresources: subresourceInfos.map(({ name }) => name),
    subresourceInfos,
    storageVersion,
  };
}

/** A version of a definition, served. */
export function serveCustomResource(
  definition: Definition,
  version: DefinitionVersion,
  { rules, lifecycle }: { rules: RuleValidator | undefined; lifecycle: Lifecycle | undefined },
): ServedResource {
  const info = customResourceInfo(definition, version);
  const { group, names } = definition;
  const apiVersion = `${group}/${version.name}`;
  const storage = customStorageInfo(info, definition.storageVersion);
  const conversion = new Conversion(definition);
  return {
    // Even while the definition goes, requests are told more than that the method is not allowed.
    info: { ...info, verbs: VERBS },
    subresources: info.subresourceInfos,
    stored: {
      path: storage.path,
      namespaced: definition.namespaced,
      encoding: 'sorted-json',
      resource: { group, resource: names.plural },
    },
    strategy: customStrategy(definition, version, rules),
    type: undefined,
    ...(version.schema === undefined ? {} : { openApiSchema: version.schema.json }),
    listKind: names.listKind,
    patchTypes: PATCH_TYPES,
    ...(version.scale === undefined ? {} : { scale: version.scale }),
    ...(lifecycle === undefined ? {} : { lifecycle }),
    ...(version.deprecated ? { warnings: deprecationWarnings(definition, version) } : {}),
    decode: (body) => decode(deepClone(body), conversion, version),
    fromStored: (object) => sortedKeys(conversion.read(object, apiVersion)),
    toStored: (object) => conversion.convert(object, storage.apiVersion),
  };
}

function decode(
  body: KubeObject,
  conversion: Conversion,
  version: DefinitionVersion,
): { object: KubeObject; unknownFields: readonly string[] } {
  const object = body as unknown as JsonObject;
  if (typeof object['kind'] !== 'string' || typeof object['apiVersion'] !== 'string') {
    throw new DecodeError("Object 'Kind' is missing");
  }
  const { metadata, unknownFields } = decodeObjectMeta(object['metadata'] ?? {});
  object['metadata'] = metadata;
  const pruned = conversion.prune(object, version.name);
  const embedded = coerceEmbedded(object, version.schema).sort();
  return {
    object: sortedKeys(body),
    unknownFields: [...unknownFields.map((field) => `metadata.${field}`), ...pruned, ...embedded],
  };
}

/** Brings objects from one version of a definition into another: with conversion None only the apiVersion differs. */
class Conversion {
  readonly #definition: Definition;

  constructor(definition: Definition) {
    this.#definition = definition;
  }

  /** Takes out what a version does not specify, in place; answers its paths. */
  prune(object: JsonObject, name: string): string[] {
    if (this.#definition.preserveUnknownFields) return [];
    const schema = this.#schema(name);
    const pruned = pruneUnknownFields(object, schema);
    pruneNulls(object, schema);
    return pruned;
  }

  /** A stored object in a version, with the defaults that came since it was stored. */
  read(object: KubeObject, apiVersion: string): KubeObject {
    this.#fill(object);
    if (object.apiVersion === apiVersion) return object;
    const converted = this.convert(object, apiVersion);
    applyDefaults(converted, this.#schema(groupVersionOf(apiVersion).version));
    return converted;
  }

  convert(object: KubeObject, apiVersion: string): KubeObject {
    if (object.apiVersion === apiVersion) return object;
    if (this.#definition.webhookConversion) {
      throw notImplemented(
        `conversion webhooks, which ${this.#definition.name} needs to convert from ${object.apiVersion} to ${apiVersion}`,
      );
    }
    const converted = deepClone({ ...object, apiVersion });
    this.prune(converted as unknown as JsonObject, groupVersionOf(apiVersion).version);
    return converted;
  }

  #fill(object: KubeObject): void {
    const { version } = groupVersionOf(object.apiVersion);
    this.prune(object as unknown as JsonObject, version);
    applyDefaults(object, this.#schema(version));
    // Objects of old servers have none.
    object.metadata.generation ??= 1;
  }

  #schema(name: string): DefinitionVersion['schema'] {
    return this.#definition.versions.find((version) => version.name === name)?.schema;
  }
}
