import type { JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { type Fields, numberIn, objectIn, partOf, textIn } from '../fields.ts';
import { ageSince } from '../age-since.ts';
import { nameOf } from './cells.ts';

/** The names that core/v1 and events.k8s.io/v1 have for the same fields. */
const EITHER = {
  about: ['involvedObject', 'regarding'],
  source: ['source', 'deprecatedSource'],
  first: ['firstTimestamp', 'deprecatedFirstTimestamp'],
  last: ['lastTimestamp', 'deprecatedLastTimestamp'],
  count: ['count', 'deprecatedCount'],
  message: ['message', 'note'],
  controller: ['reportingComponent', 'reportingController'],
} as const;

function either(event: KubeObject, [core, events]: readonly [string, string]): unknown {
  return event[core] ?? event[events];
}

export function eventCells(event: KubeObject, now: Date): JsonValue[] {
  const about = partOf({ about: either(event, EITHER.about) }, 'about');
  const series = objectIn(event, 'series');
  const first = ageSince(either(event, EITHER.first) ?? event['eventTime'], now);
  const lastTime = either(event, EITHER.last);
  let last = lastTime === undefined || lastTime === null ? first : ageSince(lastTime, now);
  let count = numberIn({ count: either(event, EITHER.count) }, 'count') || 1;
  if (series !== undefined) {
    last = ageSince(series['lastObservedTime'], now);
    count = numberIn(series, 'count') ?? 0;
  }
  return [
    last,
    textIn(event, 'type'),
    textIn(event, 'reason'),
    targetText(about),
    textIn(about, 'fieldPath'),
    sourceText(event),
    textIn({ message: either(event, EITHER.message) }, 'message').trim(),
    first,
    count,
    nameOf(event),
  ];
}

function targetText(about: Fields): string {
  const kind = textIn(about, 'kind').toLowerCase();
  const name = textIn(about, 'name');
  return name === '' ? kind : `${kind}/${name}`;
}

function sourceText(event: KubeObject): string {
  const source = partOf({ source: either(event, EITHER.source) }, 'source');
  const component = textIn(source, 'component') || textIn({ c: either(event, EITHER.controller) }, 'c');
  const instance = textIn(source, 'host') || textIn(event, 'reportingInstance');
  return instance === '' ? component : `${component}, ${instance}`;
}
