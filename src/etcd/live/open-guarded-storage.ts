import type { Storage } from '../../storage/storage.ts';
import type { ValueTransformer } from '../../storage/value-transformer.ts';
import { UndoJournal } from '../undo/undo-journal.ts';
import { undoFolder } from '../undo/undo-folder.ts';
import { GuardedStorage } from './guarded-storage.ts';

export interface OpenGuardOptions {
  readonly storage: Storage;
  /** `/registry` */
  readonly prefix: string;
  readonly values: () => Promise<ValueTransformer>;
  readonly now: () => Date;
  readonly forceLive: boolean;
  /** An API server itself: others of its kind may be alive, and what it replaces is not kept. */
  readonly isServer: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  readonly warn: (text: string) => void;
}

/** The guard for an etcd; what it needs is loaded at the first write. */
export function openGuardedStorage(options: OpenGuardOptions): Storage {
  const { storage, prefix, now, isServer } = options;
  return new GuardedStorage({
    storage,
    prefix,
    liveServers: options.forceLive
      ? undefined
      : async () => {
          const [{ liveServers }, values] = await Promise.all([import('./live-servers.ts'), options.values()]);
          const found = await liveServers({ storage, prefix, values, now: now() });
          return isServer ? found.filter(({ type }) => type !== 'kube-lite') : found;
        },
    journal:
      isServer || options.env['KUBE_LITE_ETCD_UNDO'] === 'off'
        ? undefined
        : async () => {
            const folder = await undoFolder(storage, options);
            if (folder !== undefined) return new UndoJournal({ folder, now, warn: options.warn });
            options.warn(
              'old values are not kept, so that etcd undo will not bring them back: there is no home folder (set XDG_STATE_HOME to a folder for them, or KUBE_LITE_ETCD_UNDO=off to do without)',
            );
            return undefined;
          },
  });
}
