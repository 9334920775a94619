import type { Finding } from './finding.ts';

export interface DatabaseSize {
  /** The member or the file. */
  readonly subject: string;
  readonly sizeBytes: number;
  /** What of it is in use; 0 when that is not known. */
  readonly usedBytes: number;
  /** Undefined when it was not said. */
  readonly quotaBytes: number | undefined;
  readonly program: string;
}

/** etcd's own when `--quota-backend-bytes` is not given. */
const DEFAULT_QUOTA = 2 * 1024 ** 3;
const FULL = 0.95;
const NEARLY_FULL = 0.8;
/** Free space of a database is worth nothing to anybody below this size. */
const WORTH_DEFRAGMENTING = 64 * 1024 * 1024;
const FRAGMENTED = 0.5;

/** Whether a database is near its quota, or mostly free space. */
export function sizeFindings({ subject, sizeBytes, usedBytes, quotaBytes, program }: DatabaseSize): Finding[] {
  const findings: Finding[] = [];
  const quota = quotaBytes ?? DEFAULT_QUOTA;
  const share = sizeBytes / quota;
  if (share >= NEARLY_FULL) {
    const said = quotaBytes === undefined ? "etcd's default quota (--quota-bytes tells another)" : 'its quota';
    findings.push({
      severity: share >= FULL ? 'critical' : 'warning',
      code: 'database-size',
      subject,
      message: `${sizeBytes} bytes are ${(share * 100).toFixed(0)}% of ${said}; when it is full nothing can be written`,
      remedy: `see what fills it: ${program} etcd usage; then ${program} etcd compact REVISION && ${program} etcd defrag --cluster`,
    });
  }
  const free = usedBytes > 0 ? sizeBytes - usedBytes : 0;
  if (sizeBytes >= WORTH_DEFRAGMENTING && free / sizeBytes >= FRAGMENTED) {
    findings.push({
      severity: 'warning',
      code: 'fragmented',
      subject,
      message: `${free} of ${sizeBytes} bytes of the database are free space, which only a defragmentation gives back`,
      remedy: `${program} etcd defrag --cluster`,
    });
  }
  return findings;
}
