import { describe, expect, it } from 'vitest';
import { rolloutHistoryCommand } from '../../src/commands/rollout/history.ts';
import { rolloutPause } from '../../src/commands/rollout/pause.ts';
import { localTime, rolloutRestart } from '../../src/commands/rollout/restart.ts';
import { sameTemplate, withoutHash } from '../../src/commands/rollout/revisions.ts';
import { progressReaderFor } from '../../src/commands/rollout/rollout-progress.ts';
import { rolloutStatus } from '../../src/commands/rollout/status.ts';
import { rolloutUndo } from '../../src/commands/rollout/undo.ts';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { optionsOf } from './options-of.ts';

describe('rollout: arguments', () => {
  it('read which objects they are for', () => {
    expect(optionsOf(rolloutPause, 'deploy web -l a=b')).toMatchObject({
      request: { args: ['deploy', 'web'], labelSelector: 'a=b', bareTypeMeansAll: true },
      fieldManager: 'kubectl-rollout',
    });
    expect(optionsOf(rolloutHistoryCommand, 'ds/ds --revision=3 -o json')).toMatchObject({
      revision: 3,
      format: { output: 'json' },
    });
    expect(optionsOf(rolloutUndo, 'sts x --to-revision=2 --dry-run=server')).toMatchObject({
      toRevision: 2,
      dryRun: 'server',
    });
    expect(optionsOf(rolloutStatus, 'deploy/web -w=false --timeout=1m')).toMatchObject({
      watch: false,
      timeout: 60,
      revision: 0,
    });
  });

  it('need objects and revisions that can be', () => {
    for (const command of [rolloutPause, rolloutRestart, rolloutHistoryCommand, rolloutUndo, rolloutStatus]) {
      expect(() => optionsOf(command, '')).toThrow('required resource not specified');
    }
    expect(() => optionsOf(rolloutHistoryCommand, 'deploy web --revision=-1')).toThrow(
      'revision must be a positive integer: -1',
    );
    expect(() => optionsOf(rolloutStatus, 'deploy web --revision=-1')).toThrow(
      'revision must be a positive integer: -1',
    );
  });
});

describe('rollout: progress', () => {
  const deployment = (status: object, spec: object = { replicas: 2 }): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', generation: 2, annotations: { 'deployment.kubernetes.io/revision': '4' } },
    spec,
    status: { observedGeneration: 2, ...status },
  });
  const read = progressReaderFor('Deployment.apps');

  it.each([
    [{ observedGeneration: 1 }, 'Waiting for deployment spec update to be observed...\n', false],
    [
      { updatedReplicas: 1 },
      'Waiting for deployment "web" rollout to finish: 1 out of 2 new replicas have been updated...\n',
      false,
    ],
    [
      { updatedReplicas: 2, replicas: 3 },
      'Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...\n',
      false,
    ],
    [
      { updatedReplicas: 2, replicas: 2, availableReplicas: 1 },
      'Waiting for deployment "web" rollout to finish: 1 of 2 updated replicas are available...\n',
      false,
    ],
    [{ updatedReplicas: 2, replicas: 2, availableReplicas: 2 }, 'deployment "web" successfully rolled out\n', true],
  ])('of a deployment: %j', (status, text, done) => {
    expect(read(deployment(status), 0)).toEqual({ text, done });
  });

  it('ends where the rollout failed or is another one', () => {
    const failed = deployment({ conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }] });
    expect(() => read(failed, 0)).toThrow('deployment "web" exceeded its progress deadline');
    expect(() => read(deployment({}), 3)).toThrow('desired revision (3) is different from the running revision (4)');
    expect(() => progressReaderFor('Pod')).toThrow('no status viewer has been implemented for Pod');
  });

  it.each([
    [{ type: 'OnDelete' }, {}, undefined],
    [{ type: 'RollingUpdate' }, { readyReplicas: 1 }, 'Waiting for 2 pods to be ready...\n'],
    [
      { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
      { readyReplicas: 3, updatedReplicas: 1 },
      'Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...\n',
    ],
    [
      { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
      { readyReplicas: 3, updatedReplicas: 2 },
      'partitioned roll out complete: 2 new pods have been updated...\n',
    ],
    [
      { type: 'RollingUpdate' },
      { readyReplicas: 3, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
      'waiting for statefulset rolling update to complete 1 pods at revision b...\n',
    ],
    [
      { type: 'RollingUpdate' },
      { readyReplicas: 3, currentReplicas: 3, currentRevision: 'b', updateRevision: 'b' },
      'statefulset rolling update complete 3 pods at revision b...\n',
    ],
  ])('of a stateful set: %j %j', (updateStrategy, status, text) => {
    const object = { ...deployment(status, { replicas: 3, updateStrategy }), kind: 'StatefulSet' };
    const progress = (): string => progressReaderFor('StatefulSet.apps')(object, 0).text;
    if (text === undefined) {
      expect(progress).toThrow('rollout status is only available for RollingUpdate strategy type');
    } else expect(progress()).toBe(text);
  });
});

describe('rollout: templates', () => {
  it('are compared without the hash of their controller', () => {
    const hashed = { metadata: { labels: { a: 'b', 'pod-template-hash': 'x' } }, spec: { a: 1 } };
    expect(withoutHash(hashed)).toEqual({ metadata: { labels: { a: 'b' } }, spec: { a: 1 } });
    expect(sameTemplate(hashed, { metadata: { labels: { a: 'b' } }, spec: { a: 1 } })).toBe(true);
    expect(sameTemplate(hashed, { metadata: { labels: { a: 'c' } }, spec: { a: 1 } })).toBe(false);
  });

  it('are stamped in local time', () => {
    const now = new Date('2026-03-01T12:00:00.900Z');
    const at = (offset: number): string => localTime(Object.assign(new Date(now), { getTimezoneOffset: () => offset }));
    expect([at(0), at(-90), at(300)]).toEqual([
      '2026-03-01T12:00:00Z',
      '2026-03-01T13:30:00+01:30',
      '2026-03-01T07:00:00-05:00',
    ]);
  });
});
