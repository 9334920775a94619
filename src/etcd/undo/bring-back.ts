import { StorageError } from '../../storage/storage-error.ts';
import type { KeyValue, Storage } from '../../storage/storage.ts';
import { UserError } from '../../model/user-error.ts';
import { keyText } from '../show-key-value.ts';
import { type KeptValue, noteUndone } from './read-journal.ts';

export interface BringBackOptions {
  readonly storage: Storage;
  /** Everything in the journal: what was brought back before stands for the version that it brought back. */
  readonly journal: readonly KeptValue[];
  /** Also over changes that were made since. */
  readonly force: boolean;
}

/** What was done about one old value. */
export interface BroughtBack {
  readonly kept: KeptValue;
  /** Undefined when the key still has, or has again, the old value. */
  readonly revision: number | undefined;
  /** The lease that it had is gone, and it was written without one. */
  readonly withoutLease: boolean;
}

/**
 * Writes old values back, the bytes as they were, if nothing else changed the key since: each in a transaction that compares
 * the mod revision. Throws UserError for one that cannot be, and leaves its key as it is.
 */
export class Undoing {
  readonly #options: BringBackOptions;
  /** `REVISION KEY` of what was brought back -> the mod revision that it had before. */
  readonly #restored = new Map<string, number>();

  constructor(options: BringBackOptions) {
    this.#options = options;
    for (const { key, undoneAt, modRevision } of options.journal) {
      if (undoneAt !== undefined) this.#restored.set(versionOf(key, undoneAt), modRevision);
    }
  }

  async bringBack(kept: KeptValue): Promise<BroughtBack> {
    const { storage } = this.#options;
    const present = (await storage.range({ key: kept.key })).kvs[0];
    if (present !== undefined && this.#standsFor(kept.key, present.modRevision).includes(kept.modRevision)) {
      return { kept, revision: undefined, withoutLease: false };
    }
    if (!this.#options.force) this.#refuseNewer(kept, present);
    const lease = await this.#lease(kept);
    const result = await storage.txn({
      compares: [{ key: kept.key, target: 'mod', result: '=', operand: present?.modRevision ?? 0 }],
      success: [{ type: 'put', key: kept.key, value: kept.value, ...(lease === 0n ? {} : { lease }) }],
    });
    if (!result.succeeded) throw new UserError(`${keyText(kept.key)} was changed just now; it was left as it is`);
    noteUndone(kept, result.revision);
    this.#restored.set(versionOf(kept.key, result.revision), kept.modRevision);
    return { kept, revision: result.revision, withoutLease: kept.lease !== lease };
  }

  #refuseNewer({ key, change, replacedAt, id }: KeptValue, present: KeyValue | undefined): void {
    const now = present === undefined ? 'it does not exist' : `its mod revision is ${present.modRevision}`;
    const name = keyText(key);
    if (replacedAt === undefined) {
      const what = change === 'delete' ? 'deletion' : 'write';
      throw new UserError(
        `what became of the ${what} ${id} is not known, and ${name} was left as it is (${now}); --force writes the old value all the same`,
      );
    }
    const found = present === undefined ? [] : this.#standsFor(key, present.modRevision);
    const isAsLeft = change === 'delete' ? present === undefined : found.includes(replacedAt);
    if (isAsLeft) return;
    const left = change === 'delete' ? 'deleted' : 'written';
    throw new UserError(
      `${name} has changed since it was ${left} at revision ${replacedAt} (${now}); it was left as it is, and --force writes the old value over it`,
    );
  }

  /** The revisions whose version of a key is there: its own, and that of which it was brought back. */
  #standsFor(key: Buffer, revision: number): number[] {
    const revisions = [revision];
    for (let at = this.#restored.get(versionOf(key, revision)); at !== undefined;) {
      revisions.push(at);
      at = this.#restored.get(versionOf(key, at));
    }
    return revisions;
  }

  async #lease({ lease }: KeptValue): Promise<bigint> {
    if (lease === 0n) return 0n;
    try {
      return (await this.#options.storage.leaseTimeToLive(lease)).ttl > 0 ? lease : 0n;
    } catch (error) {
      if (error instanceof StorageError && error.code === 'LeaseNotFound') return 0n;
      throw error;
    }
  }
}

const versionOf = (key: Buffer, revision: number): string => `${revision} ${key.toString('latin1')}`;
