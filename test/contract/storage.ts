import { afterAll, beforeAll, describe } from 'vitest';
import type { Storage } from '../../src/storage/storage.ts';
import { describeCompaction } from './storage/compaction.ts';
import { describeConcurrency } from './storage/concurrency.ts';
import { describeLeases } from './storage/leases.ts';
import { describeLimits } from './storage/limits.ts';
import { describeRange } from './storage/range.ts';
import { describeTxn } from './storage/txn.ts';
import { StorageSubject } from './storage/subject.ts';
import { describeWatch } from './storage/watch.ts';

/** A store that the suite may do with as it likes; it need not be empty, but nobody else writes to it. */
export interface OpenedStorage {
  readonly storage: Storage;
  /** Another Storage on the same data, as another process would have it. The suite closes it. */
  second(): Promise<Storage>;
  /** Ends what `open` started; called once, after the last test. */
  dispose(): Promise<void>;
}

/**
 * The behaviour that every driver of the Storage seam must have, which is etcd 3.4's. Each test keeps to a key prefix of
 * its own, so that one store serves them all. Watches opened with `progress` must report within ten seconds: open a
 * driver whose default is slower with a shorter interval.
 */
export function describeStorage(name: string, open: () => Promise<OpenedStorage>): void {
  describe(`Storage contract: ${name}`, () => {
    const subject = new StorageSubject();
    beforeAll(async () => {
      subject.opened = await open();
    });
    afterAll(async () => {
      await subject.opened?.dispose();
    });
    describeRange(subject);
    describeTxn(subject);
    describeLimits(subject);
    describeWatch(subject);
    describeCompaction(subject);
    describeLeases(subject);
    describeConcurrency(subject);
  });
}
