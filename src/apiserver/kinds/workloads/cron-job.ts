import { type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { negativeErrors } from '../field-checks.ts';
import { ensureObject, type Fields, fillAbsent, fillEmpty, flagIn, isSet, partOf, textIn } from '../fields.ts';
import { defaultPodTemplate } from '../pod/pod-spec-defaults.ts';
import { podTemplateWarnings } from '../pod/pod-warnings.ts';
import { scheduleFault } from './cron-schedule.ts';
import { jobSpecErrors } from './job-errors.ts';

function defaults(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  fillEmpty(spec, 'concurrencyPolicy', 'Allow');
  fillAbsent(spec, 'suspend', false);
  const template = ensureObject(spec, 'jobTemplate');
  ensureObject(template, 'metadata');
  defaultPodTemplate(ensureObject(ensureObject(template, 'spec'), 'template'));
  fillAbsent(spec, 'successfulJobsHistoryLimit', 3);
  fillAbsent(spec, 'failedJobsHistoryLimit', 1);
}

const POLICIES = ['Allow', 'Forbid', 'Replace'];
/** The controller adds 11 characters to make the name of a job. */
const LONGEST_NAME = 52;

function validate(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const errors = [...scheduleErrors(spec), ...negativeErrors(spec, 'startingDeadlineSeconds', 'spec')];
  const policy = textIn(spec, 'concurrencyPolicy');
  if (policy === '') errors.push(required('spec.concurrencyPolicy'));
  else if (!POLICIES.includes(policy)) errors.push(notSupported('spec.concurrencyPolicy', policy, POLICIES));
  const jobSpec = partOf(spec, 'jobTemplate', 'spec');
  errors.push(...jobTemplateErrors(jobSpec));
  for (const key of ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit']) {
    errors.push(...negativeErrors(spec, key, 'spec'));
  }
  const name = object.metadata.name ?? '';
  if (name.length > LONGEST_NAME) {
    errors.push(invalidValue('metadata.name', name, `must be no more than ${LONGEST_NAME} characters`));
  }
  return errors;
}

function jobTemplateErrors(jobSpec: Fields): FieldError[] {
  const path = 'spec.jobTemplate.spec';
  const errors = jobSpecErrors(jobSpec, path);
  if (isSet(jobSpec, 'selector')) {
    errors.push(invalidValue(`${path}.selector`, jobSpec['selector'], '`selector` will be auto-generated'));
  }
  if (flagIn(jobSpec, 'manualSelector')) {
    errors.push(notSupported(`${path}.manualSelector`, true, ['nil', 'false']));
  }
  return errors;
}

function scheduleErrors(spec: Fields): FieldError[] {
  const schedule = textIn(spec, 'schedule');
  const errors: FieldError[] = [];
  if (schedule === '') errors.push(required('spec.schedule'));
  else {
    const zoned = schedule.replace(/^(CRON_)?TZ=\S+\s*/, '');
    const fault = scheduleFault(zoned);
    if (fault !== undefined) errors.push(invalidValue('spec.schedule', schedule, fault));
    if (schedule.includes('TZ')) {
      const detail = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
      errors.push(invalidValue('spec.schedule', schedule, detail));
    }
  }
  return [...errors, ...zoneErrors(spec)];
}

function zoneErrors(spec: Fields): FieldError[] {
  if (!isSet(spec, 'timeZone')) return [];
  const zone = textIn(spec, 'timeZone');
  if (zone === '') return [invalidValue('spec.timeZone', zone, 'timeZone must be nil or non-empty string')];
  if (zone.toLowerCase() === 'local') {
    return [
      invalidValue(
        'spec.timeZone',
        zone,
        'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
      ),
    ];
  }
  return isZone(zone) ? [] : [invalidValue('spec.timeZone', zone, `unknown time zone ${zone}`)];
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const cronJobStrategy = defineStrategy({
  resource: 'cronjobs.batch',
  generation: true,
  initialStatus: () => ({}),
  defaults,
  validate,
  warnings: (object) =>
    podTemplateWarnings(partOf(object, 'spec', 'jobTemplate', 'spec', 'template'), 'spec.jobTemplate.spec.template'),
});
