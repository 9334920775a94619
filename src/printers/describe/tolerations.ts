import { compareBytes } from '../../model/byte-order.ts';
import type { Description } from './description.ts';
import { type Fields, has, numberAt, objectsAt, textAt } from './fields.ts';
import { writeList } from './metadata-lines.ts';

/** The tolerations of a pod's spec, by key. */
export function writeTolerations(out: Description, title: string, spec: unknown): void {
  const tolerations = objectsAt(spec, 'tolerations').sort((left, right) =>
    compareBytes(textAt(left, 'key'), textAt(right, 'key')),
  );
  writeList(out, title, tolerations.map(tolerationText));
}

function tolerationText(toleration: Fields): string {
  const [key, value, effect] = [textAt(toleration, 'key'), textAt(toleration, 'value'), textAt(toleration, 'effect')];
  const taint = `${key}${value === '' ? '' : `=${value}`}${effect === '' ? '' : `:${effect}`}`;
  const exists = textAt(toleration, 'operator') === 'Exists' && value === '';
  const operator = exists ? `${key === '' && effect === '' ? '' : ' '}op=Exists` : '';
  const seconds = has(toleration, 'tolerationSeconds') ? ` for ${numberAt(toleration, 'tolerationSeconds')}s` : '';
  return `${taint}${operator}${seconds}`;
}
