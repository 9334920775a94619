import type { Case } from '../bench.ts';
import { measure } from '../measure.ts';
import { compare } from '../row.ts';

/** One object read from an API server and from etcd. */
export const get: Case = {
  name: 'get',
  about: 'get configmap x -o json: against kubectl on the same server, and against etcdctl and Node.js',
  async run(bench) {
    const { kubeconfig } = await bench.server();
    const etcd = await bench.etcd();
    const endpoint = etcd.endpoints[0] ?? '';
    const flags = ['--kubeconfig', kubeconfig];
    const args = ['get', 'configmap', 'x', '-o', 'json'];
    await measure([bench.kubeLite(['create', 'configmap', 'x', '--from-literal=a=b', ...flags])]);
    await measure([bench.kubeLite(['create', 'configmap', 'x', '--from-literal=a=b', '--etcd-endpoints', endpoint])]);
    const kubectl = await bench.kubectl([...args, ...flags]);
    const etcdctl = { argv: ['etcdctl', '--endpoints', endpoint, 'get', '/registry/configmaps/default/x'] };
    const pairs = bench.size(1, 21, 41);
    return [
      await compare({
        case: 'get',
        what: 'get configmap x -o json, api',
        ours: { name: 'kube-lite', run: async () => measure([bench.kubeLite([...args, ...flags])]) },
        theirs: { name: 'kubectl', run: async () => measure([kubectl]) },
        pairs,
        goal: { slower: 1.5 },
      }),
      await compare({
        case: 'get',
        what: 'get configmap x -o json, etcd',
        ours: {
          name: 'kube-lite',
          run: async () => measure([bench.kubeLite([...args, '--etcd-endpoints', endpoint])]),
        },
        theirs: { name: 'etcdctl get + node -e 0', run: async () => measure([etcdctl, bench.bareNode]) },
        pairs,
        goal: { slower: 2 },
      }),
    ];
  },
};
