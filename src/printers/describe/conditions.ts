import type { Description } from './description.ts';
import { objectsAt, textAt, valueAt } from './fields.ts';
import { timeText } from './times.ts';

/** status.conditions with type, status and reason, if there are any. */
export function writeConditions(out: Description, object: unknown): void {
  const conditions = objectsAt(object, 'status.conditions');
  if (conditions.length === 0) return;
  out.write(0, 'Conditions:\n  Type\tStatus\tReason\n');
  out.line(1, '----', '------', '------');
  for (const each of conditions) {
    out.line(1, `${textAt(each, 'type')} `, textAt(each, 'status'), textAt(each, 'reason'));
  }
}

/** status.conditions with the time of their last change, if there are any. */
export function writeDatedConditions(out: Description, object: unknown): void {
  const conditions = objectsAt(object, 'status.conditions');
  if (conditions.length === 0) return;
  out.line(0, 'Conditions:');
  out.line(1, 'Type', 'Status', 'LastTransitionTime', 'Reason', 'Message');
  out.line(1, '----', '------', '------------------', '------', '-------');
  for (const each of conditions) {
    const changed = timeText(valueAt(each, 'lastTransitionTime'));
    out.line(1, textAt(each, 'type'), textAt(each, 'status'), changed, textAt(each, 'reason'), textAt(each, 'message'));
  }
}
