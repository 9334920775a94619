import { describe, expect, it } from 'vitest';
import { Histogram } from '../../../src/apiserver/metrics/histogram.ts';
import { labelText } from '../../../src/apiserver/metrics/metric-text.ts';
import { RequestMetrics } from '../../../src/apiserver/metrics/request-metrics.ts';
import type { UserInfo } from '../../../src/model/api-message.ts';
import { type ApiHarness, apiHarness, CONFIG_MAPS, configMap } from '../api-harness.ts';

function measured(): ApiHarness & { clock: { now: number }; text(): Promise<string> } {
  const clock = { now: 0 };
  const requests = new RequestMetrics(() => clock.now);
  const usage = () => ({ cpuSeconds: 1.5, residentBytes: 1024, startSeconds: 1.7e9 });
  const api = apiHarness({ metrics: { requests, usage } });
  const text = async (): Promise<string> => String((await api.request('GET', '/metrics')).body);
  return Object.assign(api, { clock, text });
}

const APPLY = { 'content-type': 'application/apply-patch+yaml' };
const REST = 'group="",version="v1",resource="configmaps",subresource="",scope';

describe('/metrics', () => {
  it('counts requests by verb, resource, scope and status', async () => {
    const api = measured();
    await api.request('POST', CONFIG_MAPS, configMap('a'));
    await api.request('POST', CONFIG_MAPS, configMap('a'));
    await api.request('POST', `${CONFIG_MAPS}?dryRun=All`, configMap('b'));
    await api.request('GET', CONFIG_MAPS);
    await api.request('GET', '/api/v1/configmaps');
    await api.request('GET', `${CONFIG_MAPS}/none`);
    await api.request('PATCH', `${CONFIG_MAPS}/a?fieldManager=m`, configMap('a'), APPLY);
    await api.request('DELETE', CONFIG_MAPS);
    const lines = (await api.text()).split('\n').filter((line) => line.startsWith('apiserver_request_total'));
    expect(lines).toEqual([
      `apiserver_request_total{verb="APPLY",dry_run="",${REST}="resource",component="apiserver",code="200"} 1`,
      `apiserver_request_total{verb="DELETECOLLECTION",dry_run="",${REST}="namespace",component="apiserver",code="200"} 1`,
      `apiserver_request_total{verb="GET",dry_run="",${REST}="resource",component="apiserver",code="404"} 1`,
      `apiserver_request_total{verb="LIST",dry_run="",${REST}="cluster",component="apiserver",code="200"} 1`,
      `apiserver_request_total{verb="LIST",dry_run="",${REST}="namespace",component="apiserver",code="200"} 1`,
      `apiserver_request_total{verb="POST",dry_run="",${REST}="resource",component="apiserver",code="201"} 1`,
      `apiserver_request_total{verb="POST",dry_run="",${REST}="resource",component="apiserver",code="409"} 1`,
      `apiserver_request_total{verb="POST",dry_run="All",${REST}="resource",component="apiserver",code="201"} 1`,
    ]);
  });

  it('times answers, counts what is under way and what is watched', async () => {
    const api = measured();
    await api.request('POST', CONFIG_MAPS, configMap('a'));
    const watch = await api.request('GET', `${CONFIG_MAPS}?watch=1`);
    const events = watch.events?.[Symbol.asyncIterator]();
    expect((await events?.next())?.value).toMatchObject({ type: 'ADDED' });
    const during = await api.text();
    expect(during).toContain(
      `apiserver_longrunning_requests{verb="WATCH",${REST}="namespace",component="apiserver"} 1\n`,
    );
    expect(during).toContain('apiserver_watch_events_total{group="",version="v1",resource="configmaps"} 1\n');
    expect(during).toContain('apiserver_current_inflight_requests{request_kind="readOnly"} 1\n');
    expect(during).toContain('apiserver_current_inflight_requests{request_kind="mutating"} 0\n');
    expect(during).toMatch(/apiserver_request_duration_seconds_count\{verb="POST",.*\} 1\n/);
    expect(during).not.toMatch(/duration_seconds_count\{verb="WATCH"/);
    await events?.return?.();
    expect(await api.text()).toContain('component="apiserver"} 0\n');
  });

  it('counts stored objects, custom ones too, and tells of the process', async () => {
    const api = measured();
    await api.request('POST', CONFIG_MAPS, configMap('a'));
    await api.request('POST', CONFIG_MAPS, configMap('b'));
    const text = await api.text();
    expect(text).toContain('apiserver_storage_objects{resource="configmaps"} 2\n');
    expect(text).toContain('apiserver_resource_objects{group="apps",resource="deployments"} 0\n');
    expect(text).toContain('process_cpu_seconds_total 1.5\n');
    expect(text).toContain('process_resident_memory_bytes 1024\n');
    expect(text).toMatch(/^kubernetes_build_info\{git_version="v1\.36\.[^"]+"\} 1$/m);
  });

  it('is text that Prometheus reads: every series after its type, none twice', async () => {
    const api = measured();
    await api.request('POST', CONFIG_MAPS, configMap('a'));
    const seen = new Set<string>();
    const types = new Set<string>();
    for (const line of (await api.text()).trimEnd().split('\n')) {
      const type = /^# TYPE (\S+) (?:counter|gauge|histogram)$/.exec(line)?.[1];
      if (type !== undefined) types.add(type);
      if (line.startsWith('#')) continue;
      const [, name = '', series = ''] = /^(([a-z_]+)(?:\{[^{}]*\})?) -?[0-9.e+-]+$/.exec(line)?.slice(0) ?? [];
      expect(name, line).not.toBe('');
      expect(types.has(series) || types.has(series.replace(/_(?:bucket|sum|count)$/, '')), line).toBe(true);
      expect(seen.has(name), line).toBe(false);
      seen.add(name);
    }
    expect(seen.size).toBeGreaterThan(100);
  });

  it('does not count what there is not', async () => {
    const api = measured();
    for (let each = 0; each < 50; each++) await api.request('GET', `/apis/group-${each}/v1/things`);
    expect(await api.text()).not.toContain('group-1');
  });

  it('is for those alone who may read it', async () => {
    const api = measured();
    const ask = async (user: UserInfo): Promise<number> =>
      (await api.handler({ method: 'GET', path: '/metrics', user })).status;
    expect(await ask({ name: 'jane', groups: ['system:authenticated'] })).toBe(403);
    expect(await ask({ name: 'prometheus', groups: ['system:monitoring'] })).toBe(200);
    expect(await ask({ name: 'root', groups: ['system:masters'] })).toBe(200);
    expect((await apiHarness().request('GET', '/metrics')).status).toBe(404);
  });
});

describe('Histogram', () => {
  it('counts in each bucket what is below it', () => {
    const histogram = new Histogram([1, 2]);
    for (const value of [0.5, 1, 1.5, 3]) histogram.observe(value);
    expect(histogram.lines('h', { a: 'x' })).toBe(
      [
        'h_bucket{a="x",le="1"} 2',
        'h_bucket{a="x",le="2"} 3',
        'h_bucket{a="x",le="+Inf"} 4',
        'h_sum{a="x"} 6',
        'h_count{a="x"} 4',
        '',
      ].join('\n'),
    );
  });

  it('writes labels that cannot be misread', () => {
    expect(labelText({ a: 'x"y\\z\n' })).toBe('{a="x\\"y\\\\z\\n"}');
    expect(labelText({})).toBe('');
  });
});
