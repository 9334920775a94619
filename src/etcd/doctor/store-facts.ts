import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import { prefixRange } from '../../storage/key-range.ts';
import type { KeyValue, Storage } from '../../storage/storage.ts';
import type { ValueTransformer } from '../../storage/value-transformer.ts';
import { scanPages } from '../past/scan-pages.ts';
import { storedValue } from '../stored-value.ts';

/** A CustomResourceDefinition, as far as its objects must fit it. */
export interface Definition {
  readonly kind: string;
  readonly namespaced: boolean;
  /** All versions that it has, served or not. */
  readonly versions: readonly string[];
  readonly storageVersion: string;
}

/** What must be known of a store before its objects can be judged one by one. */
export interface StoreFacts {
  readonly namespaces: ReadonlySet<string>;
  /** By `group/plural`. */
  readonly definitions: ReadonlyMap<string, Definition>;
  /** Groups that another API server serves: their objects are elsewhere. */
  readonly aggregatedGroups: ReadonlySet<string>;
}

export interface FactsRequest {
  readonly storage: Storage;
  /** `/registry` */
  readonly prefix: string;
  readonly values: ValueTransformer;
  readonly revision: number;
}

/** Reads namespaces, definitions and API services at one revision. What cannot be read is left out; the scan tells of it. */
export async function readStoreFacts(request: FactsRequest): Promise<StoreFacts> {
  const namespaces = new Set<string>();
  const start = Buffer.byteLength(`${request.prefix}/namespaces/`);
  for await (const { key } of below(request, 'namespaces', true)) namespaces.add(key.toString('utf8', start));
  const definitions = new Map<string, Definition>();
  for await (const kv of below(request, 'apiextensions.k8s.io/customresourcedefinitions')) {
    const spec = specOf(kv, request.values);
    const found = spec === undefined ? undefined : definitionOf(spec);
    if (found !== undefined) definitions.set(...found);
  }
  const aggregatedGroups = new Set<string>();
  for await (const kv of below(request, 'apiregistration.k8s.io/apiservices')) {
    const spec = specOf(kv, request.values);
    if (spec !== undefined && isJsonObject(spec['service'])) aggregatedGroups.add(text(spec['group']));
  }
  return { namespaces, definitions, aggregatedGroups };
}

async function* below(
  { storage, prefix, revision }: FactsRequest,
  path: string,
  keysOnly = false,
): AsyncGenerator<KeyValue> {
  const range = prefixRange(Buffer.from(`${prefix}/${path}/`));
  for await (const page of scanPages(storage, range, { revision, keysOnly })) yield* page;
}

function specOf(kv: KeyValue, values: ValueTransformer): JsonObject | undefined {
  const value = storedValue(kv, values);
  const spec: unknown = value.type === 'object' ? value.object['spec'] : undefined;
  return isJsonObject(spec) ? spec : undefined;
}

function definitionOf(spec: JsonObject): [string, Definition] | undefined {
  const { names } = spec;
  if (!isJsonObject(names)) return undefined;
  const list = Array.isArray(spec['versions']) ? spec['versions'].filter(isJsonObject) : [];
  // Definitions are kept in v1beta1, where the only version may stand alone.
  const versions = list.length > 0 ? list.map(({ name }) => text(name)) : [text(spec['version'])];
  const storage = list.find((each) => each['storage'] === true);
  return [
    `${text(spec['group'])}/${text(names['plural'])}`,
    {
      kind: text(names['kind']),
      namespaced: spec['scope'] === 'Namespaced',
      versions,
      storageVersion: storage === undefined ? (versions[0] ?? '') : text(storage['name']),
    },
  ];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
