import type { SqliteDatabase } from '../sqlite.ts';

/** A lease as it is stored. */
export interface LeaseRow {
  readonly id: bigint;
  readonly ttl: number;
  readonly boot: string;
  readonly uptime: number;
  readonly wall: number;
}

/** The leases of a store that may be damaged: those that can be read and make sense. */
export function readLeases(sqlite: SqliteDatabase): LeaseRow[] {
  try {
    const statement = sqlite.prepare("SELECT id||'', ttl, boot, uptime, wall FROM lease ORDER BY id");
    statement.setReturnArrays(true);
    return statement.all().flatMap((row) => toLease(row) ?? []);
  } catch {
    // The keys that had them are given others.
    return [];
  }
}

function toLease(row: unknown): LeaseRow | undefined {
  if (!Array.isArray(row)) return undefined;
  const [id, ttl, boot, uptime, wall]: unknown[] = row;
  if (typeof id !== 'string' || typeof ttl !== 'number' || typeof boot !== 'string') return undefined;
  if (typeof uptime !== 'number' || typeof wall !== 'number') return undefined;
  return { id: BigInt(id), ttl, boot, uptime, wall };
}
