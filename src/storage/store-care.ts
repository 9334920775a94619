/** What a check of the local store found. */
export interface StoreReport {
  readonly folder: string;
  /** The version of the layout; 0 when it cannot be read. */
  readonly format: number;
  readonly revision: number;
  /** The highest revision known to be acknowledged. */
  readonly acknowledged: number;
  /** From which revision on history is kept. */
  readonly compactRevision: number;
  /** Keys that exist. */
  readonly keys: number;
  /** Changes that are kept, deletions included. */
  readonly records: number;
  readonly sizeBytes: number;
  /** What is damaged, a sentence each; empty for a whole store. */
  readonly damage: readonly string[];
}

/** What a repair of the local store did. */
export interface RepairReport {
  readonly folder: string;
  /** The folder with the files as they were before. */
  readonly aside: string;
  /** The revision of the new store, greater than any that was acknowledged. */
  readonly revision: number;
  readonly keys: number;
  readonly records: number;
  /** Revisions, first and last included, of which nothing could be read. Their changes are lost. */
  readonly lost: readonly (readonly [number, number])[];
  /** What else a person should know, a sentence each. */
  readonly notes: readonly string[];
}

/** Looking after the files of the local store. */
export interface StoreCare {
  /** Reads everything, and changes nothing. Other processes may use the store meanwhile. Rejects when there is no store. */
  check(): Promise<StoreReport>;
  /**
   * Copies the files aside, and puts in their place a new store with all that can be read of them. Rejects with Locked while
   * another process writes, and then nothing was changed.
   */
  repair(): Promise<RepairReport>;
}
