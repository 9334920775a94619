import { describe, expect, it } from 'vitest';
import { podCells, podConditions } from '../../../src/apiserver/kinds/cells/pod-cells.ts';
import { humanDuration } from '../../../src/model/duration.ts';
import { apiHarness } from '../api-harness.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';

type Fields = Record<string, unknown>;

const NOW = new Date('2026-11-24T12:00:00Z');

function row(spec: Fields, status: Fields, metadata: Fields = {}): unknown[] {
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', creationTimestamp: '2026-11-24T11:00:00Z', ...metadata },
    spec: { containers: [{ name: 'a' }, { name: 'b' }], ...spec },
    status,
  };
  return podCells(object, NOW).slice(1, 4);
}

const running = { ready: true, restartCount: 0, state: { running: {} } };

describe('the row of a pod', () => {
  it.each<[string, unknown[], unknown[]]>([
    ['waits', row({}, { phase: 'Pending' }), ['0/2', 'Pending', '0']],
    ['runs', row({}, { phase: 'Running', containerStatuses: [running, running] }), ['2/2', 'Running', '0']],
    [
      'crashes',
      row(
        {},
        {
          phase: 'Running',
          containerStatuses: [
            running,
            {
              restartCount: 4,
              state: { waiting: { reason: 'CrashLoopBackOff' } },
              lastState: { terminated: { finishedAt: '2026-11-24T11:57:00Z' } },
            },
          ],
        },
      ),
      ['1/2', 'CrashLoopBackOff', '4 (3m ago)'],
    ],
    [
      'ended by a signal',
      row({}, { phase: 'Failed', containerStatuses: [{ state: { terminated: { exitCode: 137, signal: 9 } } }] }),
      ['0/2', 'Signal:9', '0'],
    ],
    [
      'is half done',
      row(
        {},
        {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [{ state: { terminated: { reason: 'Completed' } } }, running],
        },
      ),
      ['1/2', 'Running', '0'],
    ],
    [
      'begins',
      row(
        { initContainers: [{ name: 'i' }, { name: 'j' }] },
        {
          phase: 'Pending',
          initContainerStatuses: [
            { name: 'i', state: { terminated: { exitCode: 0 } } },
            { name: 'j', state: {} },
          ],
        },
      ),
      ['0/2', 'Init:1/2', '0'],
    ],
    [
      'cannot begin',
      row(
        { initContainers: [{ name: 'i' }] },
        { phase: 'Pending', initContainerStatuses: [{ name: 'i', state: { terminated: { exitCode: 3 } } }] },
      ),
      ['0/2', 'Init:ExitCode:3', '0'],
    ],
    [
      'has a sidecar',
      row(
        { initContainers: [{ name: 's', restartPolicy: 'Always' }] },
        {
          phase: 'Running',
          initContainerStatuses: [{ name: 's', started: true, ready: true, state: { running: {} } }],
          containerStatuses: [running, running],
        },
      ),
      ['3/3', 'Running', '0'],
    ],
    ['goes', row({}, { phase: 'Running' }, { deletionTimestamp: '2026-11-24T11:59:00Z' }), ['0/2', 'Terminating', '0']],
    [
      'is gated',
      row({}, { phase: 'Pending', conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] }),
      ['0/2', 'SchedulingGated', '0'],
    ],
  ])('that %s', (_what, cells, expected) => {
    expect(cells).toEqual(expected);
  });
});

describe('the conditions of a row', () => {
  it.each([
    ['Pending', []],
    ['Running', []],
    ['Succeeded', ['The pod has completed successfully.']],
    ['Failed', ['The pod failed.']],
  ])('of a pod that is %s', (phase, messages) => {
    const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, status: { phase } };
    expect(podConditions(pod)).toEqual(
      messages.map((message) => ({ type: 'Completed', status: 'True', reason: phase, message })),
    );
  });

  it('are in the table that is asked for', async () => {
    const api = apiHarness();
    const containers = [{ name: 'a', image: 'b' }];
    const pods = '/api/v1/namespaces/default/pods';
    const made = await api.send('POST', pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers },
    });
    await api.send('PUT', `${pods}/p/status`, { ...made, status: { phase: 'Failed' } });
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const table = await api.request('GET', pods, undefined, { accept });
    expect(table.body).toMatchObject({ rows: [{ conditions: [{ type: 'Completed', reason: 'Failed' }] }] });
  });
});

describe('a time span', () => {
  const S = 1000;
  const M = 60 * S;
  const H = 60 * M;
  const D = 24 * H;
  it.each([
    [-5 * S, '<invalid>'],
    [-1 * S, '0s'],
    [119 * S, '119s'],
    [2 * M, '2m'],
    [2 * M + 5 * S, '2m5s'],
    [10 * M + 5 * S, '10m'],
    [179 * M, '179m'],
    [3 * H, '3h'],
    [3 * H + 5 * M, '3h5m'],
    [8 * H + 5 * M, '8h'],
    [47 * H, '47h'],
    [48 * H, '2d'],
    [49 * H, '2d1h'],
    [8 * D + H, '8d'],
    [729 * D, '729d'],
    [730 * D, '2y'],
    [731 * D, '2y1d'],
    [8 * 365 * D + D, '8y'],
  ])('of %d ms', (milliseconds, text) => {
    expect(humanDuration(milliseconds)).toBe(text);
  });
});
