import type { Bench, Case } from '../bench.ts';
import { kubeconfigFor } from '../kube-server.ts';
import { writeConfigMaps, writeFolder } from '../manifests.ts';
import { measure } from '../measure.ts';
import { compare, type Comparison, type Row, row, type Side } from '../row.ts';
import { startSlowProxy } from '../slow-proxy.ts';

/** Where the requests go, and how far that is. */
interface Way {
  readonly kubeconfig: string;
  readonly latency: string;
  /** Far away kubectl takes minutes, and the same ones each time. */
  readonly pairs: number;
}

/** Runs `cases` near the server, and 20 ms away from it. */
async function nearAndFar(bench: Bench, cases: (way: Way, far: boolean) => Promise<Row[]>): Promise<Row[]> {
  const server = await bench.server();
  const near = await cases({ kubeconfig: server.kubeconfig, latency: '0 ms', pairs: bench.size(1, 3) }, false);
  const proxy = await startSlowProxy(Number(server.url.port), 20);
  try {
    return [
      ...near,
      ...(await cases(
        { kubeconfig: kubeconfigFor(server, proxy.port), latency: '20 ms', pairs: bench.size(1, 1, 3) },
        true,
      )),
    ];
  } finally {
    await proxy[Symbol.asyncDispose]();
  }
}

interface Bulk {
  readonly case: string;
  readonly what: string;
  readonly args: readonly string[];
  readonly way: Way;
  readonly faster: number;
  /** Fills the namespace before the run; not measured. */
  readonly fill?: readonly string[];
}

/** The same command by both, each run in a namespace of its own. */
async function bothWays(bench: Bench, bulk: Bulk): Promise<Row> {
  const { args, way, faster, fill } = bulk;
  const { kubeconfig } = await bench.server();
  const side = (name: string, command: Bench['kubectl']): Side => {
    let namespace = '';
    return {
      name,
      async prepare() {
        namespace = await bench.newNamespace();
        if (fill === undefined) return;
        await measure([bench.kubeLite([...fill, '-n', namespace, '--kubeconfig', kubeconfig])]);
      },
      run: async () => measure([await command([...args, '-n', namespace, '--kubeconfig', way.kubeconfig])]),
    };
  };
  const comparison: Comparison = {
    case: bulk.case,
    what: `${bulk.what}, ${way.latency}`,
    ours: side('kube-lite', async (given) => bench.kubeLite(given)),
    theirs: side('kubectl', async (given) => bench.kubectl(given)),
    pairs: way.pairs,
    goal: { faster },
  };
  return compare(comparison);
}

/** Many objects created from one file. */
export const bulk: Case = {
  name: 'bulk',
  about: 'create -f of many ConfigMaps in one file, against kubectl, near the server and 20 ms away',
  run: async (bench) =>
    nearAndFar(bench, async (way, far) => {
      const rows: Row[] = [];
      for (const count of bench.size([10], [1000], [1000, 10_000])) {
        const file = writeConfigMaps(`${bench.newFolder('create')}.yaml`, count);
        const what = `create -f of ${count}`;
        rows.push(
          await bothWays(bench, { case: 'bulk', what, args: ['create', '-f', file], way, faster: far ? 10 : 3 }),
        );
      }
      return rows;
    }),
};

/** Many objects applied from a folder, for the first time and again. */
export const apply: Case = {
  name: 'apply',
  about: 'apply -f of 1,000 ConfigMaps in 100 files, first and unchanged, against kubectl',
  run: async (bench) =>
    nearAndFar(bench, async (way, far) => {
      const [files, each] = bench.size([2, 5], [100, 10]);
      const args = ['apply', '-f', writeFolder(bench.newFolder('apply'), files, each)];
      const what = `apply -f of ${files * each} in ${files} files`;
      const faster = far ? 10 : 3;
      return [
        await bothWays(bench, { case: 'apply', what, args, way, faster }),
        await bothWays(bench, { case: 'apply', what: `${what}, unchanged`, args, way, faster, fill: args }),
      ];
    }),
};

/** Many objects deleted, chosen by a label and by a file. */
export const remove: Case = {
  name: 'delete',
  about: 'delete of 1,000 ConfigMaps by label and by file, against kubectl',
  run: async (bench) =>
    nearAndFar(bench, async (way) => {
      const count = bench.size(10, 1000);
      const file = writeConfigMaps(`${bench.newFolder('delete')}.yaml`, count);
      const fill = ['create', '-f', file];
      const given = { case: 'delete', way, faster: 20, fill };
      const byLabel = ['delete', 'configmap', '-l', 'app=bench'];
      return [
        await bothWays(bench, { ...given, what: `delete -l of ${count}`, args: byLabel }),
        await bothWays(bench, { ...given, what: `delete -f of ${count}`, args: ['delete', '-f', file] }),
      ];
    }),
};

/** Objects a second on the local store. */
export const localBulk: Case = {
  name: 'local-bulk',
  about: 'create -f of 10,000 ConfigMaps in one file on the local store',
  async run(bench) {
    const count = bench.size(100, 10_000);
    const file = writeConfigMaps(`${bench.newFolder('local')}.yaml`, count);
    const rates: number[] = [];
    for (let run = 0; run < bench.size(1, 3); run++) {
      const args = ['create', '-f', file, '--data-dir', bench.newFolder('store')];
      const { wallMs } = await measure([bench.kubeLite(args)]);
      rates.push((count / wallMs) * 1000);
    }
    const value = Math.max(...rates);
    return [
      row({
        case: 'local-bulk',
        what: `create -f of ${count}, local, best of ${rates.length}`,
        ours: `${((count / value) * 1000).toFixed(0)} ms`,
        theirs: '',
        value,
        unit: 'objects/s',
        goal: { atLeast: 5000 },
      }),
    ];
  },
};
