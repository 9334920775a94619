import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamMethods } from '../etcd-methods.ts';
import { CallFailure } from './call-failure.ts';
import type { EtcdClient } from './etcd-client.ts';
import { GrpcCode, RpcError } from './etcd-transport.ts';
import { isOldAuthentication, mayPass } from './rpc-failures.ts';

const PAUSE_MS = 100;

/** Renews a lease once and tells its seconds; 0 when there is no such lease. Rejects with CallFailure. */
export async function keepAliveOnce(client: EtcdClient, id: bigint): Promise<number> {
  return Number((await renewLease(client, id)).TTL);
}

type KeepAliveAnswer = StreamMethods['Lease/LeaseKeepAlive'][1];

/** Renews a lease once; TTL 0 when there is no such lease. Rejects with CallFailure. */
export async function renewLease(client: EtcdClient, id: bigint): Promise<KeepAliveAnswer> {
  const deadline = client.newDeadline();
  for (;;) {
    try {
      return await attempt(client, id, deadline);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      client.streamFailed(error);
      const again = mayPass(error) || isOldAuthentication(error);
      if (!again || Date.now() + PAUSE_MS > deadline) throw new CallFailure(error);
      await sleep(PAUSE_MS);
    }
  }
}

async function attempt(client: EtcdClient, id: bigint, deadline: number): Promise<KeepAliveAnswer> {
  const stream = await client.open('Lease/LeaseKeepAlive', deadline);
  // Half of the time is left to ask another member.
  const timer = setTimeout(() => stream.close(), Math.max((deadline - Date.now()) / 2, PAUSE_MS));
  try {
    stream.send({ ID: id.toString() });
    for await (const answer of stream.messages) return answer;
  } finally {
    clearTimeout(timer);
    stream.close();
  }
  const endpoint = client.endpoints[0] ?? '';
  throw new RpcError(GrpcCode.deadlineExceeded, 'no answer to a lease renewal', { endpoint, sent: true });
}
