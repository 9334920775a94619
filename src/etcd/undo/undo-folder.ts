import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Storage } from '../../storage/storage.ts';

interface User {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
}

/**
 * Where a user's old values of an etcd cluster are kept: `$XDG_STATE_HOME/kube-lite/undo/CLUSTER`, or the same below
 * `~/.local/state`. Undefined when the user has no home folder.
 */
export async function undoFolder(storage: Storage, { env, homeFolder }: User): Promise<string | undefined> {
  const state = env['XDG_STATE_HOME'] || (fs.existsSync(homeFolder) ? path.join(homeFolder, '.local', 'state') : '');
  if (state === '') return undefined;
  const { clusterId, location } = await storage.status();
  const cluster = clusterId ?? `at-${createHash('sha256').update(location).digest('hex').slice(0, 16)}`;
  return path.join(state, 'kube-lite', 'undo', cluster);
}
