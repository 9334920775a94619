import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalStorage } from '../../src/storage/local/open-local-storage.ts';
import { describeStorage } from './storage.ts';

describeStorage('local', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kube-lite-local-'));
  const open = async () => openLocalStorage(folder, { progressInterval: 500 });
  const storage = await open();
  return {
    storage,
    second: open,
    dispose: async () => {
      await storage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
