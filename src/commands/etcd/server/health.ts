import type { EtcdServer } from '../../../etcd/etcd-server.ts';
import { durationText } from '../../../model/duration.ts';
import { goQuote } from '../../../model/go-text.ts';
import { compactJson } from '../../../model/json-printer.ts';
import { UserError } from '../../../model/user-error.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { UsageError } from '../../usage-error.ts';
import { chosenEndpoints, clusterFlag } from './cluster-endpoints.ts';
import { defineServerCommand, lines, showRows } from './server-command.ts';

interface EndpointHealth {
  readonly endpoint: string;
  readonly health: boolean;
  /** A duration as Go writes it. */
  readonly took: string;
  /** Empty when all is well. */
  readonly error: string;
}

/** Any key: what counts is that the cluster agrees on an answer. */
const PROBE = Buffer.from('health');

/** `etcd health`: whether each endpoint can have the cluster agree on something, and no alarm is raised. */
export const etcdHealth: Command = defineServerCommand<{ readonly cluster: boolean }>({
  use: 'health [--cluster]',
  description: `Check each endpoint: can it reach a leader and a quorum of members, and is no alarm raised?

 Output is that of etcdctl endpoint health. The exit status is 1 when an endpoint is not healthy.`,
  examples: [{ comment: 'All members', command: 'kubectl etcd health --cluster' }],
  flags: [clusterFlag],
  formats: ['simple', 'table', 'json', 'fields'],
  parse({ args, flags }) {
    if (args.length > 0) throw new UsageError(`health takes no arguments, got ${args.length}`);
    return { cluster: flags.bool('cluster') };
  },
  async run({ cluster }, server, context) {
    const endpoints = await chosenEndpoints(server, cluster);
    const all = await Promise.all(endpoints.map((endpoint) => healthOf(server, endpoint, context)));
    const well = all.filter(({ health }) => health);
    const ill = all.filter(({ health }) => !health);
    const { table } = showRows(
      ['endpoint', 'health', 'took', 'error'],
      all.map(({ endpoint, health, took, error }) => [endpoint, String(health), took, error]),
    );
    return {
      simple: lines(
        well.map(({ endpoint, took }) => `${endpoint} is healthy: successfully committed proposal: took = ${took}`),
      ),
      table,
      json: `${compactJson(all.map(({ error, ...each }) => (error === '' ? each : { ...each, error })))}\n`,
      fields: lines(all.flatMap(fieldsOf)),
      ...(ill.length === 0 ? {} : { failure: unhealthy(ill) }),
    };
  },
});

function unhealthy(ill: readonly EndpointHealth[]): UserError {
  const each = ill.map(({ endpoint, error }) => `${endpoint} is unhealthy: ${error}`);
  return new UserError(`unhealthy cluster\n${each.join('\n')}`);
}

async function healthOf(server: EtcdServer, endpoint: string, context: Context): Promise<EndpointHealth> {
  const started = context.now().getTime();
  let error = '';
  try {
    await probe(server.at(endpoint));
    const { alarms } = await server.at(endpoint).read('Maintenance/Alarm', { action: 'Get', alarm: 'None' });
    if (alarms.length > 0) error = `Active Alarm(s): ${alarms.map(({ alarm }) => alarm.toUpperCase()).join(' ')}`;
  } catch (failure) {
    if (!(failure instanceof StorageError)) throw failure;
    error = failure.hint === undefined ? failure.message : `${failure.message} (${failure.hint})`;
  }
  const took = durationText(BigInt(Math.max(context.now().getTime() - started, 0)) * 1_000_000n);
  return { endpoint, health: error === '', took, error };
}

async function probe(server: EtcdServer): Promise<void> {
  try {
    await server.read('KV/Range', { key: PROBE, count_only: true });
  } catch (error) {
    // The cluster agreed on the refusal.
    if (!(error instanceof StorageError) || error.code !== 'PermissionDenied') throw error;
  }
}

function fieldsOf({ endpoint, health, took, error }: EndpointHealth): string[] {
  return [`"Endpoint" : ${goQuote(endpoint)}`, `"Health" : ${health}`, `"Took" : ${took}`, `"Error" : ${error}`, ''];
}
