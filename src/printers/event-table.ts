import { humanDuration } from '../model/duration.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { TabWriter } from './tab-writer.ts';
import { withoutEscapes } from './table-cell.ts';

/** An Event of the core group. */
export type EventObject = KubeObject & {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string | null } | null;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
};

/** When an event was last seen, in milliseconds, by which events are sorted; one without a time is before all others. */
export function eventTime({ series, lastTimestamp, eventTime: time }: EventObject): number {
  const text = series ? series.lastObservedTime : lastTimestamp || time;
  return text ? Date.parse(text) : Number.NEGATIVE_INFINITY;
}

export interface EventTableOptions {
  readonly headers: boolean;
  readonly withNamespace: boolean;
}

/** Events as `kubectl events` shows them, the header before the first. */
export class EventTable {
  readonly #table = new TabWriter();
  readonly #withNamespace: boolean;
  #headerDue: boolean;

  constructor({ headers, withNamespace }: EventTableOptions) {
    this.#headerDue = headers;
    this.#withNamespace = withNamespace;
  }

  rows(events: readonly EventObject[], now: Date): Iterable<string> {
    if (this.#headerDue) {
      this.#table.add([...this.#namespace('NAMESPACE'), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']);
    }
    this.#headerDue = false;
    for (const event of events) {
      const { type = '', reason = '', message = '', involvedObject } = event;
      const about = `${involvedObject?.kind ?? ''}/${involvedObject?.name ?? ''}`;
      const cells = [lastSeen(event, now), ...[type, reason, about, message.trim()].map(withoutEscapes)];
      this.#table.add([...this.#namespace(event.metadata.namespace ?? ''), ...cells]);
    }
    return this.#table.flush();
  }

  #namespace(text: string): string[] {
    return this.#withNamespace ? [text] : [];
  }
}

function lastSeen(
  { series, count = 0, firstTimestamp, lastTimestamp, eventTime: time }: EventObject,
  now: Date,
): string {
  const first = since(time || firstTimestamp, now);
  if (series) return `${since(series.lastObservedTime, now)} (x${series.count ?? 0} over ${first})`;
  return count > 1 ? `${since(lastTimestamp, now)} (x${count} over ${first})` : first;
}

function since(time: string | null | undefined, now: Date): string {
  return time ? humanDuration(now.getTime() - Date.parse(time)) : '<unknown>';
}
