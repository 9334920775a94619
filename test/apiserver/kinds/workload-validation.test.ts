import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { createErrors, prepared, strategyOf, texts, updated, updateErrors } from './created.ts';

type Fields = Record<string, unknown>;

const CONTAINERS = [{ name: 'c', image: 'x' }];

function workload(kind: string, spec: Fields, apiVersion = 'apps/v1'): KubeObject {
  return { apiVersion, kind, metadata: { name: 'd', namespace: 'default' }, spec };
}

/** A right one of a kind, with some fields of the spec replaced. */
function right(kind: string, spec: Fields = {}): KubeObject {
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: CONTAINERS } };
  return workload(kind, { selector: { matchLabels: { a: 'b' } }, template, ...spec });
}

function job(spec: Fields, pod: Fields = {}): KubeObject {
  const template = { spec: { restartPolicy: 'Never', containers: CONTAINERS, ...pod } };
  return workload('Job', { template, ...spec }, 'batch/v1');
}

function cronJob(spec: Fields): KubeObject {
  const jobTemplate = { spec: { template: { spec: { restartPolicy: 'Never', containers: CONTAINERS } } } };
  return workload('CronJob', { schedule: '* * * * *', jobTemplate, ...spec }, 'batch/v1');
}

const CASES: [what: string, object: KubeObject, errors: string[]][] = [
  ['right ones: Deployment', right('Deployment'), []],
  ['right ones: StatefulSet', right('StatefulSet'), []],
  ['right ones: DaemonSet', right('DaemonSet'), []],
  ['right ones: Job', job({}), []],
  ['right ones: CronJob', cronJob({}), []],
  [
    'a template that the selector does not select, as recorded',
    right('Deployment', { template: { metadata: { labels: { a: 'c' } }, spec: { containers: CONTAINERS } } }),
    ['spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`'],
  ],
  ['no selector', right('Deployment', { selector: null }), ['spec.selector: Required value']],
  [
    'an empty selector',
    right('Deployment', { selector: {} }),
    ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
  ],
  [
    'numbers of a Deployment',
    right('Deployment', { replicas: -1, minReadySeconds: 700, revisionHistoryLimit: -2 }),
    [
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      'spec.revisionHistoryLimit: Invalid value: -2: must be greater than or equal to 0',
      'spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds',
    ],
  ],
  [
    'the strategy of a Deployment',
    right('Deployment', { strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: '0%' } } }),
    ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0'],
  ],
  [
    'a share of more than all',
    right('Deployment', { strategy: { rollingUpdate: { maxUnavailable: '101%', maxSurge: 'many' } } }),
    [
      "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"many\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
    ],
  ],
  [
    'a Deployment of pods that end',
    right('Deployment', {
      template: {
        metadata: { labels: { a: 'b' } },
        spec: { restartPolicy: 'Never', activeDeadlineSeconds: 5, containers: [] },
      },
    }),
    [
      'spec.template.spec.containers: Required value',
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported',
    ],
  ],
  [
    'a StatefulSet',
    right('StatefulSet', {
      podManagementPolicy: 'Odd',
      updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Keep' },
    }),
    [
      "spec.podManagementPolicy: Invalid value: \"Odd\": must be 'OrderedReady' or 'Parallel'",
      'spec.updateStrategy.rollingUpdate: Invalid value: {"partition":1}: only allowed for updateStrategy \'RollingUpdate\'',
      'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Keep": supported values: "Retain", "Delete"',
    ],
  ],
  [
    'a DaemonSet that surges and lacks',
    right('DaemonSet', { updateStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } } }),
    ['spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero'],
  ],
  [
    'a Job of pods that never end, as recorded',
    job({}, { restartPolicy: null }),
    ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
  ],
  [
    'a Job',
    job({ completions: -1, backoffLimitPerIndex: 1, completionMode: 'NonIndexed' }),
    [
      'spec.completions: Invalid value: -1: must be greater than or equal to 0',
      'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
    ],
  ],
  [
    'a selector that is to be generated',
    job({ selector: { matchLabels: { mine: 'yes' } } }),
    [
      'spec.selector: Invalid value: {"matchLabels":{"mine":"yes","batch.kubernetes.io/controller-uid":"a-uid"}}: `selector` not auto-generated',
      'spec.template.metadata.labels: Invalid value: {"batch.kubernetes.io/controller-uid":"a-uid","batch.kubernetes.io/job-name":"d","controller-uid":"a-uid","job-name":"d"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'a schedule that is none, as recorded',
    cronJob({ schedule: 'nonsense' }),
    ['spec.schedule: Invalid value: "nonsense": expected exactly 5 fields, found 1: [nonsense]'],
  ],
  [
    'numbers of a schedule',
    cronJob({ schedule: '61 * * * *', timeZone: 'Nowhere/City', concurrencyPolicy: 'Odd' }),
    [
      'spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61',
      'spec.timeZone: Invalid value: "Nowhere/City": unknown time zone Nowhere/City',
      'spec.concurrencyPolicy: Unsupported value: "Odd": supported values: "Allow", "Forbid", "Replace"',
    ],
  ],
];

describe('a new workload', () => {
  it.each(CASES)('%s', async (_what, object, errors) => {
    expect(await createErrors(object)).toEqual(errors);
  });
});

describe('the update of a workload', () => {
  it('may not change the selector of a Deployment, as recorded', async () => {
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: CONTAINERS } };
    const web = (app: string) => right('Deployment', { selector: { matchLabels: { app } }, template });
    expect(await updateErrors(web('other'), await prepared(web('web')))).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      'spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
    ]);
  });

  it('may change little of a StatefulSet', async () => {
    const old = await prepared(right('StatefulSet'));
    expect(await updateErrors(right('StatefulSet', { replicas: 3, serviceName: 'other' }), old)).toEqual([
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ]);
    expect(await updateErrors(right('StatefulSet', { replicas: 3 }), old)).toEqual([]);
  });

  it('counts changes of the spec, and of the annotations of a Deployment', async () => {
    const old = await prepared(right('Deployment'));
    const generation = async (object: KubeObject) => (await updated(object, old)).metadata.generation;
    expect(await generation(right('Deployment'))).toBe(1);
    expect(await generation(right('Deployment', { replicas: 2 }))).toBe(2);
    const annotated = right('Deployment');
    annotated.metadata.annotations = { note: 'x' };
    expect(await generation(annotated)).toBe(2);
  });

  it('counts changes of the template of a DaemonSet in an annotation', async () => {
    const old = await prepared(right('DaemonSet'));
    const count = async (object: KubeObject) =>
      (await updated(object, old)).metadata.annotations?.['deprecated.daemonset.template.generation'];
    expect(await count(right('DaemonSet', { minReadySeconds: 5 }))).toBe('1');
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'y' }] } };
    expect(await count(right('DaemonSet', { template }))).toBe('2');
  });

  it('may not change the template of a Job that has begun', async () => {
    const old = await prepared(job({}));
    const changed = structuredClone(old);
    const spec = changed['spec'] as { template: { spec: { containers: { image: string }[] } } };
    spec.template.spec.containers[0]!.image = 'y';
    const [error = '', ...more] = await updateErrors(changed, old);
    expect(error).toMatch(/^spec\.template: Invalid value: \{.*\}: field is immutable$/);
    expect(more).toEqual([]);
  });

  it('keeps the counts of a status in proportion', async () => {
    const old = await prepared(right('Deployment'));
    const changed = { ...old, status: { replicas: 1, readyReplicas: 2, availableReplicas: -1 } };
    const strategy = await strategyOf(old);
    expect(texts(strategy.validateStatusUpdate?.(changed, old) ?? [])).toEqual([
      'status.availableReplicas: Invalid value: -1: must be greater than or equal to 0',
      'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    ]);
  });
});
