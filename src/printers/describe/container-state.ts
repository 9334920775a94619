import type { Description } from './description.ts';
import { type Fields, flagAt, has, numberAt, objectAt, textAt, valueAt } from './fields.ts';
import { timeText } from './times.ts';

/** What a container's status says of its running. */
export function writeContainerState(out: Description, status: Fields): void {
  writeState(out, 'State', objectAt(status, 'state'));
  if (has(status, 'lastState.terminated')) writeState(out, 'Last State', objectAt(status, 'lastState'));
  out.line(2, 'Ready:', flagAt(status, 'ready') ? 'True' : 'False');
  out.line(2, 'Restart Count:', numberAt(status, 'restartCount'));
}

function writeState(out: Description, title: string, state: Fields): void {
  if (has(state, 'running')) {
    out.line(2, `${title}:`, 'Running');
    out.line(3, 'Started:', timeText(valueAt(state, 'running.startedAt')));
  } else if (has(state, 'terminated') && !has(state, 'waiting')) {
    out.line(2, `${title}:`, 'Terminated');
    writeTermination(out, objectAt(state, 'terminated'));
  } else {
    out.line(2, `${title}:`, 'Waiting');
    const reason = textAt(state, 'waiting.reason');
    if (reason !== '') out.line(3, 'Reason:', reason);
  }
}

function writeTermination(out: Description, terminated: Fields): void {
  for (const [title, field] of [
    ['Reason:', 'reason'],
    ['Message:', 'message'],
  ] as const) {
    const text = textAt(terminated, field);
    if (text !== '') out.line(3, title, text);
  }
  out.line(3, 'Exit Code:', numberAt(terminated, 'exitCode'));
  if (numberAt(terminated, 'signal') > 0) out.line(3, 'Signal:', numberAt(terminated, 'signal'));
  out.line(3, 'Started:', timeText(valueAt(terminated, 'startedAt')));
  out.line(3, 'Finished:', timeText(valueAt(terminated, 'finishedAt')));
}
