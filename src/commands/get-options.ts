import type { PrintFormat } from '../printers/create-printer.ts';

/** What `get` was asked for. */
export interface GetOptions {
  readonly args: readonly string[];
  /** Neither a type nor a manifest was given. */
  readonly nothingNamed: boolean;
  readonly filenames: readonly string[];
  readonly kustomize?: string;
  readonly recursive: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly subresource?: string;
  readonly raw?: string;
  readonly allNamespaces: boolean;
  readonly chunkSize: number;
  readonly ignoreNotFound: boolean;
  /** A table, as opposed to a format that prints whole objects. */
  readonly human: boolean;
  readonly format: PrintFormat;
  readonly wide: boolean;
  /** `-o table`: lines around the cells. */
  readonly boxed: boolean;
  /** `--color` as given. */
  readonly color: string;
  readonly labelColumns: readonly string[];
  readonly showKind: boolean;
  readonly showLabels: boolean;
  readonly serverPrint: boolean;
  /** Empty for the server's order. */
  readonly sortBy: string;
  readonly watch: boolean;
  readonly watchOnly: boolean;
  readonly outputWatchEvents: boolean;
  /** `--request-timeout` in milliseconds, which ends a watch; undefined for no limit. */
  readonly requestTimeout: number | undefined;
  /** The store's revision to read at; 0 is now. */
  readonly atRevision: number;
}
