// A process that is killed while its etcd runs in a network of namespaces: it says who runs, and waits for that.
import { startEtcd } from '../peers/etcd-server.ts';
import { startNamespaceNetwork } from '../peers/namespace-network.ts';

try {
  const network = await startNamespaceNetwork(1);
  const etcd = await startEtcd({ machines: network.machines });
  process.stdout.write(`${JSON.stringify({ dataDir: etcd.dataDirs[0] })}\n`);
  setInterval(() => undefined, 1000);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ failure: String(error) })}\n`);
}
