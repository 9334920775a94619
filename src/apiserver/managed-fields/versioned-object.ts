import type { JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { apiVersionOf, groupVersionOf } from '../../model/schema/resource-info.ts';
import { decodeTyped } from '../../model/decode/decode-typed.ts';
import type { ApiServer } from '../api-server.ts';
import type { ServedResource } from '../served-resource.ts';
import type { MergeType } from './merge-type.ts';
import { mergeTypeOf } from './merge-type-of.ts';

/** An object in one version, with how its fields are merged there. */
export interface VersionedObject {
  readonly object: KubeObject;
  readonly type: MergeType;
}

/** The objects of one resource in any of its versions. */
export class Versions {
  readonly #catalog: ApiServer['catalog'];
  readonly served: ServedResource;
  readonly apiVersion: string;
  readonly type: MergeType;

  /** `served` is the resource in the version of the request. */
  constructor({ catalog }: Pick<ApiServer, 'catalog'>, served: ServedResource) {
    this.#catalog = catalog;
    this.served = served;
    this.apiVersion = apiVersionOf(served.info);
    this.type = mergeTypeOf(served);
  }

  /** How objects are merged in a version; undefined when it is not served. */
  async typeIn(apiVersion: string): Promise<MergeType | undefined> {
    if (apiVersion === this.apiVersion) return this.type;
    const served = await this.#find(apiVersion);
    return served === undefined ? undefined : mergeTypeOf(served);
  }

  /** An object in another version; undefined when that is not served. */
  async convert(object: KubeObject, apiVersion: string): Promise<KubeObject | undefined> {
    if (object.apiVersion === apiVersion) return object;
    const [from, to] = await Promise.all([this.#find(object.apiVersion), this.#find(apiVersion)]);
    return from === undefined || to === undefined ? undefined : to.fromStored(from.toStored(object));
  }

  /** What an object of the type is before anybody sets a field: Go's zero value. */
  empty(): KubeObject {
    const { type, info } = this.served;
    const value = type === undefined ? {} : decodeTyped(type, {}).value;
    return { apiVersion: this.apiVersion, kind: info.kind, metadata: {}, ...value };
  }

  async #find(apiVersion: string): Promise<ServedResource | undefined> {
    if (apiVersion === this.apiVersion) return this.served;
    const { group, version } = groupVersionOf(apiVersion);
    return this.#catalog.find(group, version, this.served.info.plural);
  }
}

/** An object without managedFields: entries about entries would never come to rest, and reading them is what costs. */
export function comparable({ metadata, ...fields }: KubeObject): JsonObject {
  const { managedFields: _entries, ...rest } = metadata;
  return { ...fields, metadata: rest } as JsonObject;
}
