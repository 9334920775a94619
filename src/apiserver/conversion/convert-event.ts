import type { KubeObject } from '../../model/kube-object.ts';

/** Field names of core/v1 Event and what events.k8s.io/v1 calls them, in the order of the latter. */
const NAMES: readonly (readonly [core: string, events: string])[] = [
  ['eventTime', 'eventTime'],
  ['series', 'series'],
  ['reportingComponent', 'reportingController'],
  ['reportingInstance', 'reportingInstance'],
  ['action', 'action'],
  ['reason', 'reason'],
  ['involvedObject', 'regarding'],
  ['related', 'related'],
  ['message', 'note'],
  ['type', 'type'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
];

/** In the order of core/v1's struct. */
const CORE_ORDER = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'series',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
];

/** A core/v1 Event as events.k8s.io/v1 has it. The two are the same object. */
export function eventToEventsV1({ kind, apiVersion, metadata, ...fields }: KubeObject): KubeObject {
  const converted: KubeObject = { kind, apiVersion, metadata };
  // These two are left out where core prints them empty.
  const optional = new Set(['reportingComponent', 'reportingInstance']);
  for (const [core, events] of NAMES) {
    const value = fields[core];
    if (value === undefined || (optional.has(core) && value === '')) continue;
    converted[events] = value;
  }
  return converted;
}

/** An events.k8s.io/v1 Event as core/v1 has it. */
export function eventToCoreV1({ kind, apiVersion, metadata, ...fields }: KubeObject): KubeObject {
  const converted: KubeObject = { kind, apiVersion, metadata };
  const eventsName = new Map(NAMES);
  for (const core of CORE_ORDER) {
    const value = fields[eventsName.get(core) ?? core];
    if (value !== undefined) converted[core] = value;
  }
  return converted;
}
