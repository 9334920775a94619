import { openEtcdStorage } from '../../src/storage/etcd/open-etcd-storage.ts';
import { startEtcd } from '../peers/etcd-server.ts';
import { describeStorage } from './storage.ts';

describeStorage('etcd over its JSON gateway', async () => {
  const server = await startEtcd();
  const open = () => openEtcdStorage({ endpoints: server.endpoints, transport: 'http' });
  const storage = await open();
  return {
    storage,
    second: open,
    async dispose() {
      await storage.close();
      await server.stop();
    },
  };
});
