import type { Describing } from './describer.ts';
import { writeEvents } from './events.ts';
import { objectsAt, textAt } from './fields.ts';
import { writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';

const TITLE = 'Image pull secrets:';

/** v1 ServiceAccount. */
export async function describeServiceAccount(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  writeLabelsAndAnnotations(describing);
  const secrets = objectsAt(object, 'imagePullSecrets').map((secret) => textAt(secret, 'name'));
  if (secrets.length === 0) out.line(0, TITLE, '<none>');
  for (const [index, name] of secrets.entries()) out.line(0, index === 0 ? TITLE : ' '.repeat(TITLE.length), name);
  await writeEvents(describing);
}
