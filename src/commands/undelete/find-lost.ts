import type { ObjectKey } from '../../etcd/object-key.ts';
import { valueBeforeDeletion } from '../../etcd/past/before-deletion.ts';
import { betterError, checkRevision } from '../../etcd/past/compact-revision.ts';
import { type Deletion, type Deletions, findDeletions } from '../../etcd/past/deletions.ts';
import { scanPages } from '../../etcd/past/scan-pages.ts';
import { UserError } from '../../model/user-error.ts';
import { prefixRange } from '../../storage/key-range.ts';
import type { Context, Past } from '../context.ts';
import type { NamedWish, Selection } from './selection.ts';
import type { UndeleteOptions } from './undelete-options.ts';

/** A key whose object may come back. */
export interface LostKey {
  readonly key: Buffer;
  readonly where: ObjectKey;
  /** The revision to read it at. */
  readonly readAt: number;
  /** When it was deleted; undefined when it is still there, or nobody knows. */
  readonly deletedAt: number | undefined;
  readonly named: boolean;
}

export interface Found {
  readonly keys: readonly LostKey[];
  /** The oldest revision that can be read; 0: nothing was compacted. */
  readonly oldest: number;
  readonly newest: number;
  /** What was asked for by name and is not there. */
  readonly problems: readonly Error[];
}

interface Search {
  readonly options: UndeleteOptions;
  readonly selection: Selection;
  readonly past: Past;
  readonly prefix: string;
  readonly deletions: Deletions;
  readonly warn: (text: string) => void;
}

/**
 * Finds the keys that were asked for in the past of a store. Rejects with StorageError for a revision out of reach, which says what
 * is left, and with UserError for a namespace whose deletion began before that.
 */
export async function findLost(
  options: UndeleteOptions,
  selection: Selection,
  past: Past,
  context: Context,
): Promise<Found> {
  if (options.at !== undefined) await checkRevision(past.storage, options.at);
  const byName = new Set(selection.named.map(({ key }) => key.toString('latin1')));
  const whole = new Set(selection.wholeNamespaces);
  const deletions = await findDeletions(past.storage, {
    since: options.since,
    signal: context.signal,
    wanted(key) {
      if (byName.has(key.toString('latin1'))) return true;
      const where = selection.readKey(key);
      return where !== undefined && (whole.has(where.namespace) || (selection.selects && selection.isSelected(where)));
    },
  }).catch(async (error: unknown) => {
    throw await betterError(past.storage, options.since ?? 0, error);
  });
  const warn = (text: string): void => context.warn(text);
  const search: Search = { options, selection, past, prefix: context.keyPrefix, deletions, warn };
  const keys = new Map<string, LostKey>();
  const problems: Error[] = [];
  const add = (lost: LostKey): void => {
    const name = lost.key.toString('latin1');
    if (!keys.has(name)) keys.set(name, lost);
  };
  for (const wish of selection.named) {
    const lost = await findNamed(wish, search);
    if (lost instanceof Error) problems.push(lost);
    else add(lost);
  }
  for (const namespace of selection.wholeNamespaces) for (const lost of await contentOf(namespace, search)) add(lost);
  if (selection.selects) for (const lost of await selected(search)) add(lost);
  return { keys: [...keys.values()], oldest: deletions.oldest, newest: deletions.newest, problems };
}

async function findNamed(wish: NamedWish, search: Search): Promise<LostKey | Error> {
  const { options, deletions, selection, past } = search;
  const { key } = wish;
  const where = selection.readKey(key);
  if (where === undefined) return new UserError(`${JSON.stringify(key.toString())} is no key of an object`);
  const deletion = deletions.byKey.get(key.toString('latin1'));
  const lost = { key, where, named: true, deletedAt: deletion?.writtenSince === true ? undefined : deletion?.revision };
  if (options.at !== undefined) {
    const { count } = await past.storage.range({ key, revision: options.at, countOnly: true });
    return count > 0
      ? { ...lost, readAt: options.at }
      : new UserError(`${nameOf(wish)} not found: it was not there at revision ${options.at}`);
  }
  if (deletion !== undefined) return { ...lost, readAt: deletion.revision - 1 };
  const { count } = await past.storage.range({ key, revision: deletions.newest, countOnly: true });
  if (count > 0) return { ...lost, readAt: deletions.newest };
  return new UserError(`${nameOf(wish)} not found: ${lostBefore(deletions, options.since)}`);
}

function nameOf({ type, namespace, name }: NamedWish): string {
  const plural = type.group === '' ? type.plural : `${type.plural}.${type.group}`;
  return `${plural} ${JSON.stringify(name)}${namespace === '' ? '' : ` in namespace ${JSON.stringify(namespace)}`}`;
}

/** Why nothing is found. */
export function lostBefore({ oldest, newest }: Pick<Deletions, 'oldest' | 'newest'>, since?: number): string {
  if (since !== undefined) return `no deletion after revision ${since} is known (the newest revision is ${newest})`;
  if (oldest === 0) return `the store, at revision ${newest}, knows its whole past, and it was never there`;
  return `the store keeps revisions ${oldest} to ${newest}; what was deleted at ${oldest} or before has been compacted. A snapshot from before has it: --from-snapshot`;
}

/** What types, or everything, means. */
async function selected(search: Search): Promise<LostKey[]> {
  const { options, selection, deletions } = search;
  const wanted = (where: ObjectKey): boolean => selection.isSelected(where);
  if (options.place.type === 'snapshot' && options.since === undefined) {
    return stateAt(options.at ?? deletions.newest, wanted, search);
  }
  if (options.at !== undefined) return deletedAfter(options.at, wanted, search);
  const { readKey } = selection;
  return [...deletions.byKey.values()].flatMap((deletion) => {
    const where = readKey(deletion.key);
    if (where === undefined || !wanted(where) || deletion.writtenSince) return [];
    return [lostKey(deletion, where, deletion.revision - 1)];
  });
}

/** What was in a namespace when its deletion began. */
async function contentOf(namespace: string, search: Search): Promise<LostKey[]> {
  const { options, past, deletions, prefix } = search;
  const wanted = (where: ObjectKey): boolean => where.wellFormed && where.namespace === namespace;
  if (options.at !== undefined) {
    return options.place.type === 'snapshot'
      ? stateAt(options.at, wanted, search)
      : deletedAfter(options.at, wanted, search);
  }
  const key = Buffer.from(`${prefix}/namespaces/${namespace}`);
  const deletion = deletions.byKey.get(key.toString('latin1'));
  const gone = deletion !== undefined && !deletion.writtenSince;
  const last = await valueBeforeDeletion(past, key, gone ? deletion.revision - 1 : deletions.newest);
  // Its own error tells that it is not found.
  if (last === undefined) return [];
  if (last.cutShort) {
    const what = `the deletion of namespace ${JSON.stringify(namespace)} began before revision ${deletions.oldest}, up to which everything has been compacted: a part of what was in it is lost here`;
    if (!options.allowIncomplete) {
      throw new UserError(
        `${what}. A snapshot from before has it (--from-snapshot); --allow-incomplete brings back what is left`,
      );
    }
    search.warn(what);
    return deletedAfter(deletions.oldest, wanted, search, true);
  }
  if (options.place.type === 'snapshot') return stateAt(last.heldAt, wanted, search);
  // A namespace that is there and stays lost what was deleted in it one by one.
  const began = gone || last.heldAt < deletions.newest;
  return began ? deletedAfter(last.heldAt, wanted, search) : deletedAfter(deletions.oldest, wanted, search, true);
}

/** What was there at a revision and was deleted since; with `each`, everything that was deleted since, as it was last. */
function deletedAfter(
  revision: number,
  wanted: (where: ObjectKey) => boolean,
  { deletions, selection }: Search,
  each = false,
): LostKey[] {
  return [...deletions.byKey.values()].flatMap((deletion) => {
    const where = selection.readKey(deletion.key);
    if (where === undefined || !wanted(where) || deletion.writtenSince || deletion.revision <= revision) return [];
    return [lostKey(deletion, where, each ? deletion.revision - 1 : revision)];
  });
}

async function stateAt(
  revision: number,
  wanted: (where: ObjectKey) => boolean,
  { past, prefix, selection, deletions }: Search,
): Promise<LostKey[]> {
  const found: LostKey[] = [];
  const range = prefixRange(Buffer.from(`${prefix}/`));
  for await (const page of scanPages(past.storage, range, { revision, keysOnly: true })) {
    for (const { key } of page) {
      const where = selection.readKey(key);
      if (where === undefined || !wanted(where)) continue;
      const deletion = deletions.byKey.get(key.toString('latin1'));
      const deletedAt = deletion !== undefined && deletion.revision > revision ? deletion.revision : undefined;
      found.push({ key, where, readAt: revision, deletedAt, named: false });
    }
  }
  return found;
}

function lostKey(deletion: Deletion, where: ObjectKey, readAt: number): LostKey {
  return { key: deletion.key, where, readAt, deletedAt: deletion.revision, named: false };
}
