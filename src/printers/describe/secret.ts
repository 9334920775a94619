import type { Describing } from './describer.ts';
import { mapAt, sortedEntries, textAt } from './fields.ts';
import { writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';

/** v1 Secret: sizes, never values, save a service account's token. */
export async function describeSecret(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  writeLabelsAndAnnotations(describing);
  const type = textAt(object, 'type');
  out.write(0, `\nType:\t${type}\n`);
  out.write(0, '\nData\n====\n');
  for (const [key, value] of sortedEntries(mapAt(object, 'data'))) {
    const bytes = Buffer.from(value, 'base64');
    const isToken = key === 'token' && type === 'kubernetes.io/service-account-token';
    out.line(0, `${key}:`, isToken ? bytes.toString('utf8') : `${bytes.length} bytes`);
  }
}
