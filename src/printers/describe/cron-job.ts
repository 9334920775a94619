import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { writeEvents } from './events.ts';
import { has, objectAt, objectsAt, textAt, valueAt } from './fields.ts';
import { flagText } from './flag-text.ts';
import { writeDeadline, writeJobSelector } from './job.ts';
import { writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';
import { writePodTemplate } from './pod-template.ts';
import { timeText } from './times.ts';

const UNSET = '<unset>';

/** batch/v1 CronJob. */
export async function describeCronJob(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  writeLabelsAndAnnotations(describing);
  out.line(0, 'Schedule:', textAt(object, 'spec.schedule'));
  out.line(0, 'Concurrency Policy:', textAt(object, 'spec.concurrencyPolicy'));
  out.line(0, 'Suspend:', flagText(object, 'spec.suspend'));
  out.line(0, 'Successful Job History Limit:', textAt(object, 'spec.successfulJobsHistoryLimit', UNSET));
  out.line(0, 'Failed Job History Limit:', textAt(object, 'spec.failedJobsHistoryLimit', UNSET));
  const deadline = textAt(object, 'spec.startingDeadlineSeconds');
  out.line(0, 'Starting Deadline Seconds:', deadline === '' ? UNSET : `${deadline}s`);
  writeJobTemplate(out, objectAt(object, 'spec.jobTemplate'));
  const last = valueAt(object, 'status.lastScheduleTime');
  out.line(0, 'Last Schedule Time:', last === undefined ? UNSET : timeText(last));
  const active = objectsAt(object, 'status.active').map((job) => textAt(job, 'name'));
  out.line(0, 'Active Jobs:', active.join(', ') || '<none>');
  await writeEvents(describing);
}

function writeJobTemplate(out: Description, template: unknown): void {
  if (has(template, 'spec.selector')) writeJobSelector(out, template);
  else out.line(0, 'Selector:', UNSET);
  out.line(0, 'Parallelism:', textAt(template, 'spec.parallelism', UNSET));
  out.line(0, 'Completions:', textAt(template, 'spec.completions', UNSET));
  writeDeadline(out, template);
  writePodTemplate(out, objectAt(template, 'spec.template'));
}
