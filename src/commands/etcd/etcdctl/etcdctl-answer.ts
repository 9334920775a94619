import type { AnswerHeader } from '../../../etcd/answer-header.ts';
import type { OperationResult, Storage, StorageEvent } from '../../../storage/storage.ts';

/** What a request was answered, in the parts that etcdctl shows. */
export type EtcdctlAnswer =
  | (OperationResult & { readonly header: AnswerHeader })
  | {
      readonly type: 'txn';
      readonly header: AnswerHeader;
      readonly succeeded: boolean;
      readonly results: readonly OperationResult[];
    }
  | { readonly type: 'watch'; readonly header: AnswerHeader; readonly events: readonly StorageEvent[] };

/** The header of the store's last answer; of a store that is no etcd server it has the revision alone. */
export function headerOf(storage: Storage, revision: number): AnswerHeader {
  return storage.lastHeader?.() ?? revisionHeader(revision);
}

/** A header with the revision alone, as those within a transaction are. */
export function revisionHeader(revision: number | string): AnswerHeader {
  return { cluster_id: '0', member_id: '0', revision: String(revision), raft_term: '0' };
}
