import type { Case } from '../bench.ts';
import { writePods } from '../manifests.ts';
import { measure } from '../measure.ts';
import { compare, type Row } from '../row.ts';

/** Lists of many pods. */
export const list: Case = {
  name: 'list',
  about: 'get pods -A as table and JSON, against kubectl; on etcd against a range of the raw keys',
  async run(bench) {
    const { kubeconfig } = await bench.server();
    const etcd = await bench.etcd();
    const endpoint = etcd.endpoints[0] ?? '';
    const count = bench.size(20, 2000, 50_000);
    const file = writePods(`${bench.newFolder('pods')}.yaml`, count);
    await measure([bench.kubeLite(['create', '-f', file, '--kubeconfig', kubeconfig])]);
    await measure([bench.kubeLite(['create', '-f', file, '--etcd-endpoints', endpoint])]);
    const rows: Row[] = [];
    const pairs = bench.size(1, 7, 3);
    for (const [format, slower] of [
      ['wide', 0.6],
      ['json', 0.8],
    ] as const) {
      const args = ['get', 'pods', '-A', '--kubeconfig', kubeconfig, ...(format === 'json' ? ['-o', 'json'] : [])];
      const kubectl = await bench.kubectl(args);
      rows.push(
        await compare({
          case: 'list',
          what: `get pods -A of ${count}, ${format === 'json' ? 'JSON' : 'table'}, api`,
          ours: { name: 'kube-lite', run: async () => measure([bench.kubeLite(args)]) },
          theirs: { name: 'kubectl', run: async () => measure([kubectl]) },
          pairs,
          goal: { slower },
        }),
      );
    }
    const ranged = { argv: ['etcdctl', '--endpoints', endpoint, 'get', '--prefix', '/registry/pods/'] };
    const fromEtcd = bench.kubeLite(['get', 'pods', '-A', '-o', 'json', '--etcd-endpoints', endpoint]);
    const {
      goal: _none,
      met: _neither,
      ...compared
    } = await compare({
      case: 'list',
      what: `get pods -A -o json of ${count}, etcd`,
      ours: { name: 'kube-lite', run: async () => measure([fromEtcd]) },
      theirs: { name: 'etcdctl get --prefix', run: async () => measure([ranged]) },
      pairs,
      goal: { slower: Number.POSITIVE_INFINITY },
    });
    return [...rows, compared];
  },
};
