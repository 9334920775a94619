import { type Bench, type Case } from '../bench.ts';
import { measure } from '../measure.ts';
import { compare, type Row } from '../row.ts';

/** What every command pays before it does anything. */
export const start: Case = {
  name: 'start',
  about: 'version, help and completion, against Node.js doing nothing',
  async run(bench) {
    const rows: Row[] = [];
    const env = { KUBE_LITE_DATA_DIR: bench.newFolder('none') };
    for (const args of [['version', '--client'], ['--help'], ['__complete', 'get', 'po']]) {
      rows.push(await againstNode(bench, { what: args.join(' '), args, env, slower: 1.25 }));
    }
    return rows;
  },
};

/** Single objects on the local store. */
export const local: Case = {
  name: 'local',
  about: 'one object created and read on the local store, against Node.js doing nothing',
  async run(bench) {
    const env = { KUBE_LITE_DATA_DIR: bench.newFolder('store') };
    await measure([bench.kubeLite(['create', 'configmap', 'x', '--from-literal=a=b'], env)]);
    const create = () => ['create', 'configmap', bench.newName('cm'), '--from-literal=a=b'];
    const get = ['get', 'configmap', 'x', '-o', 'json'];
    return [
      await againstNode(bench, { what: 'create configmap', args: create, env, slower: 1.5 }),
      await againstNode(bench, { what: 'get configmap -o json', args: get, env, slower: 1.5 }),
    ];
  },
};

interface Measured {
  readonly what: string;
  readonly args: readonly string[] | (() => readonly string[]);
  readonly env: Readonly<Record<string, string>>;
  readonly slower: number;
}

async function againstNode(bench: Bench, { what, args, env, slower }: Measured): Promise<Row> {
  return compare({
    case: what.includes('configmap') ? 'local' : 'start',
    what,
    ours: {
      name: 'kube-lite',
      run: async () => measure([bench.kubeLite(typeof args === 'function' ? args() : args, env)]),
    },
    theirs: { name: 'node -e 0', run: async () => measure([bench.bareNode]) },
    pairs: bench.size(1, 21, 41),
    goal: { slower },
  });
}
