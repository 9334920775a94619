import { compareBytes } from '../../model/byte-order.ts';
import { goText } from '../../model/go-text.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json-value.ts';
import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { writeEvents } from './events.ts';
import { writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';
import { smartLabel } from './smart-label.ts';

const SKIPPED = new Set([
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
]);

/** Any kind without a describer of its own: all of its fields, sorted, with titles made from their names. */
export async function describeGeneric(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  writeLabelsAndAnnotations(describing);
  writeFields(out, 0, object as unknown as JsonObject, '');
  await writeEvents(describing);
}

function writeFields(out: Description, level: number, object: JsonObject, path: string): void {
  for (const field of Object.keys(object).sort(compareBytes)) {
    const own = `${path}.${field}`;
    const value = object[field];
    if (value === undefined || SKIPPED.has(own)) continue;
    const title = `${smartLabel(field)}:`;
    if (isJsonObject(value)) {
      out.line(level, title);
      writeFields(out, level + 1, value, own);
    } else if (Array.isArray(value)) {
      out.line(level, title);
      for (const item of value) writeItem(out, level + 1, item, own);
    } else {
      out.line(level, title, goText(value));
    }
  }
}

function writeItem(out: Description, level: number, item: JsonValue, path: string): void {
  if (isJsonObject(item)) writeFields(out, level, item, path);
  else out.line(level, goText(item));
}
