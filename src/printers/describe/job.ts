import { humanDuration } from '../../model/duration.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { writeEvents } from './events.ts';
import { has, numberAt, objectAt, textAt, valueAt } from './fields.ts';
import { writeController, writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';
import { writePodTemplate } from './pod-template.ts';
import { millisecondsOf, timeText } from './times.ts';
import { selectorAt } from './workload-pods.ts';

const MOST_INDEXES = 50;

/** batch/v1 Job. */
export async function describeJob(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  writeJobSelector(out, object);
  writeLabelsAndAnnotations(describing);
  writeController(describing);
  writeGiven(out, object, 'Parallelism:', 'spec.parallelism');
  out.line(0, 'Completions:', textAt(object, 'spec.completions', '<unset>'));
  writeGiven(out, object, 'Completion Mode:', 'spec.completionMode');
  writeGiven(out, object, 'Suspend:', 'spec.suspend');
  writeGiven(out, object, 'Backoff Limit:', 'spec.backoffLimit');
  writeGiven(out, object, 'TTL Seconds After Finished:', 'spec.ttlSecondsAfterFinished');
  writeTimes(out, object);
  writeDeadline(out, object);
  const count = (field: string): string => String(numberAt(object, `status.${field}`));
  const ready = has(object, 'status.ready') ? ` (${count('ready')} Ready)` : '';
  out.line(
    0,
    'Pods Statuses:',
    `${count('active')} Active${ready} / ${count('succeeded')} Succeeded / ${count('failed')} Failed`,
  );
  if (textAt(object, 'spec.completionMode') === 'Indexed') {
    out.line(0, 'Completed Indexes:', indexesText(textAt(object, 'status.completedIndexes')));
  }
  writePodTemplate(out, objectAt(object, 'spec.template'));
  await writeEvents(describing);
}

/** The selector of a job or of a job template. */
export function writeJobSelector(out: Description, job: unknown): void {
  try {
    out.line(0, 'Selector:', selectorAt(job, 'spec.selector'));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    out.line(0, 'Selector:', `Failed to get selector: ${error.message}`);
  }
}

/** The deadline of a job or of a job template, if it has one. */
export function writeDeadline(out: Description, job: unknown): void {
  if (!has(job, 'spec.activeDeadlineSeconds')) return;
  out.line(0, 'Active Deadline Seconds:', `${numberAt(job, 'spec.activeDeadlineSeconds')}s`);
}

function writeTimes(out: Description, job: KubeObject): void {
  const [start, end] = [valueAt(job, 'status.startTime'), valueAt(job, 'status.completionTime')];
  if (start !== undefined) out.line(0, 'Start Time:', timeText(start));
  if (end !== undefined) out.line(0, 'Completed At:', timeText(end));
  if (start === undefined || end === undefined) return;
  out.line(0, 'Duration:', humanDuration(millisecondsOf(end) - millisecondsOf(start)));
}

function writeGiven(out: Description, job: KubeObject, title: string, path: string): void {
  if (has(job, path)) out.line(0, title, textAt(job, path));
}

/** A list of indexes, cut at the first comma behind the longest that is shown. */
function indexesText(indexes: string): string {
  if (indexes === '') return '<none>';
  const comma = indexes.indexOf(',', MOST_INDEXES);
  return comma < 0 ? indexes : `${indexes.slice(0, comma + 1)}...`;
}
