import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the real etcdctl (Debian's `etcd-client`) prints on standard output. Rejects when it fails. */
export async function etcdctl(endpoint: string, ...args: readonly string[]): Promise<string> {
  const where = endpoint === '' ? [] : [`--endpoints=${endpoint}`];
  const { stdout } = await run('etcdctl', [...where, ...args], {
    env: { ...process.env, ETCDCTL_API: '3' },
    maxBuffer: 1 << 28,
  });
  return stdout;
}

/** A key as etcdctl's JSON has it. */
export interface EtcdctlKeyValue {
  readonly key: string;
  readonly value?: string;
  readonly create_revision: number;
  readonly mod_revision: number;
  readonly version: number;
  readonly lease?: number;
}

/** etcdctl's answer to a range. */
export async function etcdctlGet(endpoint: string, ...args: readonly string[]): Promise<EtcdctlKeyValue[]> {
  const answer = JSON.parse(await etcdctl(endpoint, 'get', ...args, '-w', 'json')) as { kvs?: EtcdctlKeyValue[] };
  return answer.kvs ?? [];
}
