import type { ResourceClient } from '../../client/client.ts';
import type { FlagValues } from '../flag-values.ts';
import type { CommandRow } from '../command-row.ts';

/** The objects that a command line is about. */
export interface CompletionObjects {
  readonly client: ResourceClient;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

/** What completion may ask. Nothing of it is done before it is called, and failures mean that nothing is offered. */
export interface CompletionSources {
  readonly table: readonly CommandRow[];
  /** Undefined where there is nothing to ask: a local store that does not exist yet is not made for a completion. */
  objects(flags: FlagValues): Promise<CompletionObjects | undefined>;
  /** The names of the contexts, clusters or users of the kubeconfig files. */
  kubeconfigNames(kind: 'contexts' | 'clusters' | 'users', flags: FlagValues): Promise<readonly string[]>;
}
