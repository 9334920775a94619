import type { EtcdServer } from '../../../etcd/etcd-server.ts';
import type { Flag } from '../../flag.ts';

/** `--cluster` of the commands that work member by member. */
export const clusterFlag: Flag = {
  name: 'cluster',
  type: 'bool',
  default: 'false',
  usage: 'Use the client URLs of all members, which one of the endpoints tells.',
};

/** The endpoints to work on: those given, or with `cluster` those of all members. Rejects with StorageError. */
export async function chosenEndpoints(server: EtcdServer, cluster: boolean): Promise<readonly string[]> {
  if (!cluster) return server.endpoints;
  const { members } = await server.read('Cluster/MemberList', {});
  return [...new Set(members.flatMap(({ clientURLs }) => clientURLs))];
}
