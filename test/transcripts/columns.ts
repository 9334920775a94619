import { spawn } from 'node:child_process';
import path from 'node:path';
import { type EtcdServer, startEtcd } from '../peers/etcd-server.ts';
import { kubectlBinary } from '../peers/kubectl-binary.ts';
import { QUICK_GO } from '../peers/run-kubectl.ts';
import { serveInProcess } from '../faults/serve-in-process.ts';
import type { Subject } from './replay.ts';

const root = new URL('../..', import.meta.url).pathname;
const program = `node ${root}bin/kube-lite.js`;

/** A way of running transcripts: which tool, against what. */
export interface Column {
  readonly name: 'local' | 'etcd' | 'etcd over http' | 'api' | 'kubectl' | 'kubectl on etcd';
  /** Makes the setting of one transcript, its state in `folder`. */
  readonly prepare: (folder: string) => Promise<Subject & { dispose?(): Promise<void> }>;
}

/** The store in a folder. */
export const localColumn: Column = {
  name: 'local',
  prepare: async (folder) => ({
    command: program,
    env: { KUBE_LITE_DATA_DIR: path.join(folder, 'store'), STORE: '', PREFIX: '/registry' },
  }),
};

/** A column whose transcripts share something that is started once. */
export interface SharedColumn extends Column {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A real etcd, shared by all transcripts and spoken to over one of its transports; each has a key prefix of its own. */
export function etcdColumn(transport: 'grpc' | 'http' = 'grpc'): SharedColumn {
  let etcd: EtcdServer | undefined;
  return {
    name: transport === 'grpc' ? 'etcd' : 'etcd over http',
    async start() {
      etcd = await startEtcd();
    },
    async stop() {
      await etcd?.stop();
    },
    prepare: async (folder) => ({
      command: program,
      env: {
        KUBE_LITE_ETCD_ENDPOINTS: (etcd?.endpoints ?? []).join(','),
        KUBE_LITE_ETCD_PREFIX: `/${path.basename(folder)}`,
        KUBE_LITE_ETCD_TRANSPORT: transport,
        STORE: '',
        PREFIX: `/${path.basename(folder)}`,
      },
    }),
  };
}

/** `kube-lite serve` on a store of its own, spoken to by kube-lite itself. */
export const apiColumn: Column = {
  name: 'api',
  prepare: async (folder) => {
    const server = await startServe(folder);
    return {
      command: program,
      env: { KUBECONFIG: server.kubeconfig, STORE: `--data-dir=${path.join(folder, 'store')}`, PREFIX: '/registry' },
      dispose: () => server.stop(),
    };
  },
};

/** `serve` on a store of its own, spoken to by the real kubectl. */
export const kubectlColumn: Column = {
  name: 'kubectl',
  prepare: (folder) => kubectlOnServe(folder, { KUBE_LITE_DATA_DIR: path.join(folder, 'store') }),
};

/** Here it is the server's answers that count: it runs in the tests' process, which spares a start a transcript. */
async function kubectlOnServe(folder: string, env: Readonly<Record<string, string>>): ReturnType<Column['prepare']> {
  const [server, kubectl] = await Promise.all([serveInProcess(env, folder), kubectlBinary()]);
  return {
    command: kubectl,
    env: { ...QUICK_GO, KUBECONFIG: server.kubeconfig },
    dispose: async () => void (await server.stop()),
  };
}

/** `serve` on a real etcd, shared by all transcripts under prefixes of their own, spoken to by the real kubectl. */
export function kubectlOnEtcdColumn(): SharedColumn {
  const etcd = etcdColumn();
  return {
    name: 'kubectl on etcd',
    start: () => etcd.start(),
    stop: () => etcd.stop(),
    prepare: async (folder) => kubectlOnServe(folder, (await etcd.prepare(folder)).env),
  };
}

/** Starts `kube-lite serve`, on the store in `folder` unless `env` names another, and waits until it says where it is. */
export async function startServe(
  folder: string,
  env: Readonly<Record<string, string>> = { KUBE_LITE_DATA_DIR: path.join(folder, 'store') },
): Promise<{ kubeconfig: string; stop(): Promise<void> }> {
  const kubeconfig = path.join(folder, 'kubeconfig');
  // The recordings are of a kube-apiserver with no controller manager beside it.
  const args = ['serve', '--port=0', '--controllers=false', `--write-kubeconfig=${kubeconfig}`];
  const child = spawn(process.execPath, [`${root}bin/kube-lite.js`, ...args], {
    env: { ...process.env, HOME: folder, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('KUBECONFIG=')) resolve();
    });
    child.once('close', () => reject(new Error(`kube-lite serve did not start: ${said}`)));
  });
  return {
    kubeconfig,
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
