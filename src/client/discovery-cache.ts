import type { ResourceInfo } from '../model/schema/resource-info.ts';

/** Where what a server serves is remembered between processes. Neither function rejects: a cache is only a help. */
export interface DiscoveryCache {
  /** What was remembered lately; undefined when nothing was, or when it cannot be read or trusted. */
  read(): Promise<readonly ResourceInfo[] | undefined>;
  /** Remembers a complete answer. Others see the answer before or this one, never a part. */
  write(resources: readonly ResourceInfo[]): Promise<void>;
}
