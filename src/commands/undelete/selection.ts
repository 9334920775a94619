import { decodedDefinition, type PastDefinition } from './past-definitions.ts';
import { objectKeyReader, type ObjectKey } from '../../etcd/object-key.ts';
import { findDeletions } from '../../etcd/past/deletions.ts';
import { scanPages } from '../../etcd/past/scan-pages.ts';
import { customStorageInfo, storageInfo } from '../../model/schema/storage-info.ts';
import { builtInResources } from '../../model/schema/built-in-resources.ts';
import { UserError } from '../../model/user-error.ts';
import { prefixRange } from '../../storage/key-range.ts';
import type { Context, Past } from '../context.ts';
import type { UndeleteOptions } from './undelete-options.ts';

/** A type as keys tell it. */
export interface PastType {
  readonly group: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** What all its keys begin with, without the slash. */
  readonly path: string;
}

/** An object that is asked for by name. */
export interface NamedWish {
  readonly type: PastType;
  readonly namespace: string;
  readonly name: string;
  readonly key: Buffer;
}

/** What is asked for, in the terms of keys. */
export interface Selection {
  readonly named: readonly NamedWish[];
  /** Namespaces that are to come with everything in them. */
  readonly wholeNamespaces: readonly string[];
  /** Whether a type, or everything, is asked for without names. */
  readonly selects: boolean;
  readonly readKey: (key: Buffer) => ObjectKey | undefined;
  /** Whether a key is asked for other than by its name. */
  readonly isSelected: (where: ObjectKey) => boolean;
}

/** Finds out which types are meant, those too that only the past knows. Rejects with UserError for one that nobody knows. */
export async function selectionOf(options: UndeleteOptions, past: Past, context: Context): Promise<Selection> {
  const namespace = (await context.namespace()).name;
  const prefix = context.keyPrefix;
  const types = await typesOf(options, past, context);
  const named: NamedWish[] = [];
  const wholeNamespaces: string[] = [];
  const selected = new Set<string>();
  for (const { type: word, name } of options.wishes) {
    const type = types.get(word);
    if (type === undefined) continue;
    if (name === undefined) {
      selected.add(typeName(type));
      continue;
    }
    const within = type.namespaced ? namespace : '';
    const key = Buffer.from([prefix, type.path, ...(within === '' ? [] : [within]), name].join('/'));
    named.push({ type, namespace: within, name, key });
    if (options.all && typeName(type) === 'namespaces') wholeNamespaces.push(name);
  }
  const everything = options.wishes.length === 0;
  const inScope = (where: ObjectKey): boolean => {
    if (options.allNamespaces) return true;
    // Cluster-wide objects are meant where their type is named.
    return where.namespace === '' ? !everything : where.namespace === namespace;
  };
  return {
    named,
    wholeNamespaces,
    selects: everything || selected.size > 0,
    readKey: objectKeyReader(prefix),
    isSelected: (where) =>
      where.wellFormed &&
      inScope(where) &&
      (everything || selected.has(typeName({ group: where.resource.group, plural: where.resource.resource }))),
  };
}

function typeName({ group, plural }: Pick<PastType, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

async function typesOf(options: UndeleteOptions, past: Past, context: Context): Promise<Map<string, PastType>> {
  const words = [...new Set(options.wishes.map(({ type }) => type))];
  const found = new Map<string, PastType>();
  const { mapper } = await context.client();
  for (const word of words) {
    const resource = await mapper.resourceFor(word);
    if (resource === undefined) continue;
    // Both APIs of events are kept as those of the core group.
    const group = resource.plural === 'events' && resource.group === 'events.k8s.io' ? '' : resource.group;
    const path = pathOf(group, resource.plural);
    if (path === undefined) {
      throw new UserError(`objects of ${JSON.stringify(word)} are answered by an API server and never stored`);
    }
    found.set(word, { group, plural: resource.plural, namespaced: resource.namespaced, path });
  }
  const unknown = words.filter((word) => !found.has(word));
  if (unknown.length === 0) return found;
  const definitions = await pastDefinitions(past, context.keyPrefix);
  for (const word of unknown) {
    const definition = definitions.find((each) => each.words.includes(word.toLowerCase()));
    if (definition === undefined) {
      throw new UserError(
        `the server doesn't have a resource type ${JSON.stringify(word)}, and no CustomResourceDefinition of the past has it`,
      );
    }
    const { group, plural, namespaced } = definition;
    found.set(word, { group, plural, namespaced, path: `${group}/${plural}` });
  }
  return found;
}

function pathOf(group: string, plural: string): string | undefined {
  const builtIn = builtInResources().some((each) => each.group === group && each.plural === plural);
  return (builtIn ? storageInfo({ group, plural }) : customStorageInfo({ group, plural }, ''))?.path;
}

/** The definitions that there are in the past, and those that were deleted. */
async function pastDefinitions(past: Past, prefix: string): Promise<PastDefinition[]> {
  const { storage, values } = past;
  const beginning = Buffer.from(`${prefix}/apiextensions.k8s.io/customresourcedefinitions/`);
  const definitions: PastDefinition[] = [];
  for await (const page of scanPages(storage, prefixRange(beginning), { revision: 0 })) {
    for (const kv of page) definitions.push(...decodedDefinition(kv, values));
  }
  const wanted = (key: Buffer): boolean => key.subarray(0, beginning.length).equals(beginning);
  for (const { key, revision } of (await findDeletions(storage, { wanted })).byKey.values()) {
    const { kvs } = await storage.range({ key, revision: revision - 1 });
    for (const kv of kvs) definitions.push(...decodedDefinition(kv, values));
  }
  return definitions;
}
