import type { DescribeSource } from './describe-source.ts';
import { Description } from './description.ts';
import { findEvents, writeEventTable } from './events.ts';

/** An object that the server did not give. */
export interface MissingObject {
  readonly namespace: string;
  readonly name: string;
  readonly error: unknown;
  readonly source: DescribeSource;
  readonly now: Date;
}

/** The events that are left of a pod; undefined when there are none. */
export async function describeMissingPod(missing: MissingObject): Promise<string | undefined> {
  const { namespace, name, error, source, now } = missing;
  const events = await findEvents(source, { namespace, name }).catch(() => []);
  if (events.length === 0) return undefined;
  const out = new Description();
  const message = error instanceof Error ? error.message : String(error);
  out.line(0, `Pod '${name}': error '${message}', but found events.`);
  writeEventTable(out, events, now);
  return out.text();
}
