import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { asGo, createErrors, prepared, strategyOf, texts, updateErrors } from './created.ts';

type Fields = Record<string, unknown>;

const TIME = '2026-11-24T09:06:07.000000Z';
const POD = { kind: 'Pod', namespace: 'n', name: 'p' };

function event(apiVersion: string, fields: Fields): KubeObject {
  return { apiVersion, kind: 'Event', metadata: { name: 'e', namespace: 'n' }, ...fields };
}

const old = (fields: Fields) => event('v1', { involvedObject: POD, ...fields });
const told = (fields: Fields) =>
  event('events.k8s.io/v1', {
    regarding: POD,
    eventTime: TIME,
    reportingController: 'c.io/c',
    reportingInstance: 'c-1',
    action: 'Doing',
    reason: 'Why',
    type: 'Normal',
    note: 'Note',
    ...fields,
  });

const NAMESPACE = 'does not match event.namespace';

describe('an event', () => {
  it.each([
    ['that is about a pod of its namespace', old({}), []],
    [
      'about another namespace',
      old({ involvedObject: { ...POD, namespace: 'm' } }),
      [`involvedObject.namespace: Invalid value: "m": ${NAMESPACE}`],
    ],
    [
      'about a node, in a namespace that is not for these',
      old({ involvedObject: { kind: 'Node', name: 'x' } }),
      [`involvedObject.namespace: Invalid value: "": ${NAMESPACE}`],
    ],
    [
      'with a time, but without who reports it',
      old({ eventTime: TIME }),
      [
        'reportingController: Required value',
        expect.stringMatching(/^reportingController: Invalid value: "": name part must be non-empty/),
        expect.stringMatching(/^reportingController: Invalid value: "": name part must consist/),
        'reportingInstance: Required value',
        'action: Required value',
        'reason: Required value',
      ],
    ],
    [
      'with texts that are too long',
      told({
        reportingInstance: 'i'.repeat(129),
        action: 'a'.repeat(129),
        reason: 'r'.repeat(129),
        note: 'n'.repeat(1025),
      }),
      [
        'reportingInstance: Invalid value: "": can have at most 128 characters',
        'action: Invalid value: "": can have at most 128 characters',
        'reason: Invalid value: "": can have at most 128 characters',
        'message: Invalid value: "": can have at most 1024 characters',
      ],
    ],
    ['of events.k8s.io', told({}), []],
    [
      'of events.k8s.io with what is of old ones',
      told({
        type: 'Odd',
        series: { count: 1 },
        deprecatedFirstTimestamp: '2026-11-24T09:06:07Z',
        deprecatedLastTimestamp: '2026-11-24T09:06:07Z',
        deprecatedCount: 2,
        deprecatedSource: { host: 'h' },
      }),
      [
        'series.count: Invalid value: "": should be at least 2',
        'series.lastObservedTime: Required value',
        'type: Invalid value: "": has invalid value: Odd',
        'firstTimestamp: Invalid value: "": needs to be unset',
        'lastTimestamp: Invalid value: "": needs to be unset',
        'count: Invalid value: "": needs to be unset',
        'source: Invalid value: "": needs to be unset',
      ],
    ],
    ['of events.k8s.io without a time', told({ eventTime: undefined }), ['eventTime: Required value']],
  ])('%s', async (_what, input, errors) => {
    expect(await createErrors(input)).toEqual(errors);
  });

  it('of events.k8s.io keeps all but its series', async () => {
    const before = await prepared(told({}));
    const series = { count: 2, lastObservedTime: TIME };
    expect(await updateErrors(told({ series }), before)).toEqual([]);
    const regarding = { ...POD, name: 'q' };
    expect(
      await updateErrors(told({ regarding, note: 'Other', type: 'Warning', series: { count: 1 } }), before),
    ).toEqual([
      'series.count: Invalid value: "": should be at least 2',
      'series.lastObservedTime: Required value',
      'involvedObject: Invalid value: {"Kind":"Pod","Namespace":"n","Name":"q","UID":"","APIVersion":"","ResourceVersion":"","FieldPath":""}: field is immutable',
      'message: Invalid value: "Other": field is immutable',
      'type: Invalid value: "Warning": field is immutable',
    ]);
  });

  it('of the core group may change', async () => {
    expect(await updateErrors(old({ count: 2, message: 'more' }), await prepared(old({})))).toEqual([]);
  });
});

function service(spec: Fields, name = 'v1.example.com'): KubeObject {
  const all = { group: 'example.com', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10, ...spec };
  return { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name }, spec: all };
}

describe('an APIService', () => {
  it.each([
    ['of a server', service({ service: { namespace: 'n', name: 's' } }), []],
    [
      'with another name',
      service({}, 'other'),
      ['metadata.name: Invalid value: "other": must be `spec.version+"."+spec.group`: "v1.example.com"'],
    ],
    [
      'of no group',
      service({ group: '', version: 'v2' }, 'v2.'),
      ['spec.group: Required value: only v1 may have an empty group and it better be legacy kube'],
    ],
    [
      'of names and priorities that there are not',
      service({ group: 'A', version: '1', groupPriorityMinimum: 20001, versionPriority: 0 }, '1.A'),
      [
        expect.stringMatching(/^spec\.group: Invalid value: "A": a lowercase RFC 1123 subdomain/),
        expect.stringMatching(/^spec\.version: Invalid value: "1": a DNS-1035 label/),
        'spec.groupPriorityMinimum: Invalid value: 20001: must be positive and less than 20000',
        'spec.versionPriority: Invalid value: 0: must be positive and less than 1000',
      ],
    ],
    [
      'of this server, with what is for others',
      service({ caBundle: 'AAAA', insecureSkipTLSVerify: true }),
      [
        'spec.caBundle: Invalid value: "3 bytes": local APIServices may not have a caBundle',
        'spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify',
      ],
    ],
    [
      'of no server',
      service({ service: {}, caBundle: 'AAAA', insecureSkipTLSVerify: true }),
      [
        'spec.service.namespace: Required value',
        'spec.service.name: Required value',
        'spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present',
      ],
    ],
  ])('%s', async (_what, input, errors) => {
    expect(await createErrors(input)).toEqual(errors);
  });

  it('has conditions that hold, or not, or may', async () => {
    const object = asGo({ ...service({}), status: { conditions: [{ type: 'Available', status: 'Odd' }] } });
    const strategy = await strategyOf(object);
    expect(texts(strategy.validateStatusUpdate?.(object, object) ?? [])).toEqual([
      'status.conditions[0].status: Unsupported value: "Odd": supported values: "True", "False", "Unknown"',
    ]);
  });
});
