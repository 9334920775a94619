import type { KubeObject } from '../model/kube-object.ts';
import { type BuiltInResource, builtInResources } from '../model/schema/built-in-resources.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import { typeForKind } from '../model/schema/schema.ts';
import { storageInfo } from '../model/schema/storage-info.ts';
import type { StoredKind } from '../storage/object-storage.ts';
import { convertObject } from './conversion/convert-object.ts';
import { decodeTyped } from '../model/decode/decode-typed.ts';
import { strategyFor } from './kinds/strategy-for.ts';
import type { ResourceCatalog, ServedResource } from './served-resource.ts';

const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** The catalog of the kinds that every server has. Resources that are never stored are in `all` and not to be found. */
export class BuiltInCatalog implements ResourceCatalog {
  readonly #byKey = new Map<string, BuiltInResource>();
  readonly #served = new Map<BuiltInResource, Promise<ServedResource | undefined>>();

  constructor() {
    for (const resource of builtInResources()) {
      this.#byKey.set(`${apiVersionOf(resource)}/${resource.plural}`, resource);
    }
  }

  find(group: string, version: string, plural: string): Promise<ServedResource | undefined> {
    return this.#serve(this.#byKey.get(`${apiVersionOf({ group, version })}/${plural}`));
  }

  preferred(group: string, plural: string): Promise<ServedResource | undefined> {
    return this.#serve(builtInResources().find((each) => each.group === group && each.plural === plural));
  }

  storedKind(group: string, plural: string): Promise<StoredKind | undefined> {
    const resource = builtInResources().find((each) => each.group === group && each.plural === plural);
    return Promise.resolve(resource === undefined ? undefined : storedKindOf(resource));
  }

  all(): Promise<readonly BuiltInResource[]> {
    return Promise.resolve(builtInResources());
  }

  #serve(resource: BuiltInResource | undefined): Promise<ServedResource | undefined> {
    if (resource === undefined) return Promise.resolve(undefined);
    let served = this.#served.get(resource);
    if (served === undefined) {
      served = serveBuiltIn(resource);
      this.#served.set(resource, served);
    }
    return served;
  }
}

// By resource, each made once: what is made of a kind can then be remembered.
const STORED_KINDS = new WeakMap<BuiltInResource, StoredKind>();

function storedKindOf(resource: BuiltInResource): StoredKind | undefined {
  const storage = storageInfo(resource);
  if (storage === undefined) return undefined;
  const kind = STORED_KINDS.get(resource) ?? {
    path: storage.path,
    namespaced: resource.namespaced,
    encoding: storage.encoding,
    resource: { group: resource.group, resource: resource.plural },
  };
  STORED_KINDS.set(resource, kind);
  return kind;
}

async function serveBuiltIn(resource: BuiltInResource): Promise<ServedResource | undefined> {
  const storage = storageInfo(resource);
  const apiVersion = apiVersionOf(resource);
  const type = typeForKind(apiVersion, resource.kind);
  if (storage === undefined || type === undefined) return undefined;
  const storedType = typeForKind(storage.apiVersion, resource.kind);
  const stored = storedKindOf(resource);
  if (stored === undefined) return undefined;
  const strategy = await strategyFor(resource);
  return {
    info: resource,
    subresources: resource.subresourceInfos,
    stored,
    strategy,
    type,
    patchTypes: PATCH_TYPES,
    ...deprecationOf(resource),
    decode(body, style) {
      const { value, unknownFields } = decodeTyped(type, body as never, style);
      return { object: typedObject(resource.kind, apiVersion, value), unknownFields };
    },
    fromStored(object) {
      const converted = convertObject(object, apiVersion);
      return strategy.afterRead === undefined ? converted : strategy.afterRead(converted);
    },
    toStored(object) {
      const converted = convertObject(object, storage.apiVersion);
      // Protobuf has an order of its own; JSON is written as Go would write the struct.
      if (storage.encoding === 'protobuf' || storedType === undefined) return converted;
      return typedObject(resource.kind, storage.apiVersion, decodeTyped(storedType, converted as never).value);
    },
  };
}

/** What every answer of a deprecated resource warns of (its APILifecycleDeprecated). */
const DEPRECATIONS: Readonly<Record<string, string>> = {
  'v1/endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
};

function deprecationOf(resource: BuiltInResource): Pick<ServedResource, 'warnings'> {
  const warning = DEPRECATIONS[`${apiVersionOf(resource)}/${resource.plural}`];
  return warning === undefined ? {} : { warnings: [warning] };
}

function typedObject(kind: string, apiVersion: string, value: Record<string, unknown>): KubeObject {
  return { kind, apiVersion, ...value } as KubeObject;
}
