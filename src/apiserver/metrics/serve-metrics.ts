import type { ApiResponse } from '../../model/api-message.ts';
import { groupResourceText } from '../../model/status-errors.ts';
import type { ApiServer } from '../api-server.ts';
import { inParallel } from '../in-parallel.ts';
import { versionInfo } from '../version-info.ts';
import { labelText, metricHead, metricLines } from './metric-text.ts';
import type { ProcessUsage, ServerMetrics } from './server-metrics.ts';

/** How many resources are counted at once. */
const AT_ONCE = 16;

/** GET of /metrics: requests, stored objects and the process, in Prometheus' text format. */
export async function serveMetrics(server: ApiServer, { requests, usage }: ServerMetrics): Promise<ApiResponse> {
  const gitVersion = versionInfo()['gitVersion'] ?? '';
  const text = [
    requests.text(),
    await storedObjects(server),
    gauge('kubernetes_build_info', 'The version that is served; the value is always 1.', [
      [labelText({ git_version: gitVersion }), 1],
    ]),
    processText(usage()),
  ].join('');
  return { status: 200, headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }, body: text };
}

/** How many objects there are of each resource; -1 where they could not be counted. */
async function storedObjects({ catalog, storage }: ApiServer): Promise<string> {
  const all = await catalog.all();
  const names = new Map(
    all.map(({ group, plural }) => [groupResourceText({ group, resource: plural }), { group, plural }]),
  );
  const old: [string, number][] = [];
  const counts: [string, number][] = [];
  await inParallel([...names.entries()], AT_ONCE, async ([resource, { group, plural }]) => {
    const served = await catalog.preferred(group, plural);
    if (served === undefined) return;
    const count = await storage.count(served.stored, '').catch(() => -1);
    old.push([labelText({ resource }), count]);
    counts.push([labelText({ group, resource: plural }), count]);
  });
  return (
    gauge('apiserver_resource_objects', 'Stored objects, by resource; -1 where they could not be counted.', counts) +
    gauge('apiserver_storage_objects', 'Stored objects, by resource (deprecated: apiserver_resource_objects).', old)
  );
}

function processText({ cpuSeconds, residentBytes, startSeconds }: ProcessUsage): string {
  return [
    metricHead('process_cpu_seconds_total', 'counter', 'Processor time of user and system, in seconds.'),
    metricLines('process_cpu_seconds_total', [['', cpuSeconds]]),
    gauge('process_resident_memory_bytes', 'Memory that the process holds, in bytes.', [['', residentBytes]]),
    gauge('process_start_time_seconds', 'When the process started, in seconds since 1970.', [['', startSeconds]]),
  ].join('');
}

function gauge(name: string, help: string, values: Iterable<readonly [string, number]>): string {
  return metricHead(name, 'gauge', help) + metricLines(name, values);
}
