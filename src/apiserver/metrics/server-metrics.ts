import type { RequestMetrics } from './request-metrics.ts';

/** What a process has used. */
export interface ProcessUsage {
  /** User and system time together. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** Seconds since 1970. */
  readonly startSeconds: number;
}

/** What a server tells of itself. */
export interface ServerMetrics {
  readonly requests: RequestMetrics;
  readonly usage: () => ProcessUsage;
}
