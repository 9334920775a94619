import type { Describer, Describing } from './describer.ts';
import type { DescriberEntry } from './describers.ts';
import { Description } from './description.ts';

/** The description of an object, by its kind's describer or the generic one. Rejects as the source does. */
export async function describeObject(
  entry: DescriberEntry | undefined,
  about: Omit<Describing, 'out'>,
): Promise<string> {
  const describer: Describer =
    entry === undefined ? (await import('./generic.ts')).describeGeneric : await entry.load();
  const out = new Description();
  await describer({ ...about, out });
  return out.text();
}
