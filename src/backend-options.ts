import type { FlagValues } from './commands/flag-values.ts';
import type { World } from './world.ts';

/** What decides where the objects are, and who hears of it. */
export interface BackendOptions {
  readonly flags: FlagValues;
  readonly world: World;
  /** The command is one of etcdctl's, in whose shell ETCDCTL_ENDPOINTS says where etcd is. */
  readonly likeEtcdctl?: boolean;
  /** Nothing that the command does is stored: a local store that is not there is not made for it. */
  readonly storesNothing?: boolean;
  warn(text: string): void;
}
