import { escapeFieldValue } from '../../model/selectors/field-selector.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import type { DescribeSource } from './describe-source.ts';
import { has, numberAt, textAt, valueAt } from './fields.ts';
import { ageText, millisecondsOf } from './times.ts';

/** The object that events are about. An absent kind or uid may be any. */
export interface EventSubject {
  readonly name: string;
  readonly namespace: string;
  readonly kind?: string;
  readonly uid?: string;
}

/** The events about an object. Rejects when the server does not list them. */
export async function findEvents(source: DescribeSource, subject: EventSubject): Promise<KubeObject[]> {
  const { namespace } = subject;
  const fieldSelector = (['kind', 'name', 'namespace', 'uid'] as const)
    .filter((field) => subject[field] !== undefined)
    .map((field) => `involvedObject.${field}=${escapeFieldValue(subject[field] ?? '')}`)
    .join(',');
  return source.list({ apiVersion: 'v1', kind: 'Event', namespace, fieldSelector });
}

/** How an object's events name it. */
export function subjectOf({ kind, metadata }: KubeObject): EventSubject {
  return {
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    kind,
    ...(metadata.uid ? { uid: metadata.uid } : {}),
  };
}

/** Writes the events about the object, if they are to be shown. As in kubectl, a server that does not list them has none. */
export async function writeEvents(describing: Describing, subjects = [subjectOf(describing.object)]): Promise<void> {
  if (!describing.showEvents) return;
  const found = await Promise.all(subjects.map((subject) => findEvents(describing.source, subject).catch(() => [])));
  writeEventTable(describing.out, found.flat(), describing.now);
}

/** The table of events, the ones seen last at the end. */
export function writeEventTable(out: Description, events: readonly KubeObject[], now: Date): void {
  if (events.length === 0) {
    out.line(0, 'Events:', '<none>');
    return;
  }
  out.endColumns();
  out.write(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage\n');
  out.line(1, '----', '------', '----', '----', '-------');
  for (const event of [...events].sort(byLastTimestamp)) {
    const message = textAt(event, 'message').trim();
    const fieldPath = textAt(event, 'involvedObject.fieldPath');
    out.line(
      1,
      textAt(event, 'type'),
      textAt(event, 'reason'),
      intervalText(event, now),
      textAt(event, 'source.component') || textAt(event, 'reportingComponent'),
      fieldPath === '' ? message : `${fieldPath}: ${message}`,
    );
  }
}

function byLastTimestamp(left: KubeObject, right: KubeObject): number {
  const [a, b] = [millisecondsOf(left.lastTimestamp), millisecondsOf(right.lastTimestamp)];
  return a === b ? 0 : a - b;
}

function intervalText(event: KubeObject, now: Date): string {
  const age = (path: string): string => ageText(valueAt(event, path), now);
  const first = has(event, 'eventTime') ? age('eventTime') : age('firstTimestamp');
  const often = (last: string, count: string): string => `${age(last)} (x${numberAt(event, count)} over ${first})`;
  if (has(event, 'series')) return often('series.lastObservedTime', 'series.count');
  return numberAt(event, 'count') > 1 ? often('lastTimestamp', 'count') : first;
}
