/** How bad a finding is; `info` alone leaves a store healthy. */
export type Severity = 'info' | 'warning' | 'error' | 'critical';

/** From bad to good. */
export const severities: readonly Severity[] = ['critical', 'error', 'warning', 'info'];

/** Something about a store that somebody should know. */
export interface Finding {
  readonly severity: Severity;
  /** What kind of fault it is, for programs: `orphan`, `damaged-value` … */
  readonly code: string;
  /** The key, the member's endpoint or the file that it is about. */
  readonly subject: string;
  readonly message: string;
  /** A command that mends it, or helps to decide. */
  readonly remedy: string;
}
