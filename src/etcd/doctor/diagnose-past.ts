import type { Storage } from '../../storage/storage.ts';
import { compactRevision } from '../past/compact-revision.ts';
import type { Finding } from './finding.ts';

/** API servers compact every 5 minutes; a large cluster makes a few hundred thousand revisions in that time. */
const MANY = 1_000_000;

/** Whether somebody keeps the past short. */
export async function diagnosePast(storage: Storage, revision: number, program: string): Promise<Finding[]> {
  const oldest = await compactRevision(storage);
  const kept = revision - oldest;
  if (kept <= MANY) return [];
  return [
    {
      severity: 'warning',
      code: 'not-compacted',
      subject: `revision ${oldest}`,
      message: `${kept} revisions were made since the last compaction: no API server compacts this etcd, and it grows`,
      remedy: `${program} etcd compact ${revision}`,
    },
  ];
}
