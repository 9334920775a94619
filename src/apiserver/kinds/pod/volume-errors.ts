import { duplicate, type FieldError, fieldForbidden, invalidValue, required } from '../../../model/field-error.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { labelRule, subdomainRule } from '../value-rules.ts';
import { VOLUME_SOURCES } from './volume-source-errors.ts';

/** What is wrong with the volumes of a pod, and those that are right by name (ValidateVolumes). */
export function volumesErrors(
  spec: Fields,
  podName: string,
  path: string,
): { volumes: Map<string, Fields>; errors: FieldError[] } {
  const list = objectsIn(spec, 'volumes');
  const made = new Set<string>();
  if (podName !== '') {
    for (const volume of list) if (isSet(volume, 'ephemeral')) made.add(`${podName}-${textIn(volume, 'name')}`);
  }
  const volumes = new Map<string, Fields>();
  const errors: FieldError[] = [];
  for (const [index, volume] of list.entries()) {
    const at = `${path}[${index}]`;
    const name = textIn(volume, 'name');
    const wrong = sourceErrors(volume, podName, at);
    wrong.push(...(name === '' ? [required(`${at}.name`)] : ruleErrors(`${at}.name`, name, labelRule)));
    if (volumes.has(name)) wrong.push(duplicate(`${at}.name`, name));
    if (wrong.length === 0) volumes.set(name, volume);
    errors.push(...wrong);
    const claim = textIn(partOf(volume, 'persistentVolumeClaim'), 'claimName');
    if (isSet(volume, 'persistentVolumeClaim') && made.has(claim)) {
      const detail = 'must not reference a PVC that gets created for an ephemeral volume';
      errors.push(invalidValue(`${at}.persistentVolumeClaim.claimName`, claim, detail));
    }
  }
  return { volumes, errors };
}

function sourceErrors(volume: Fields, podName: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  let sources = 0;
  for (const { key, shown = key, field = key, besides, check } of VOLUME_SOURCES) {
    const source = objectIn(volume, key);
    if (source === undefined) continue;
    if (sources++ > 0 && besides !== true) {
      errors.push(fieldForbidden(`${path}.${shown}`, 'may not specify more than 1 volume type'));
    } else errors.push(...check(source, `${path}.${field}`));
    if (key === 'iscsi') errors.push(...portalErrors(volume, source, path));
    if (key === 'ephemeral' && sources === 1) errors.push(...claimNameErrors(volume, podName, path));
  }
  return sources === 0 ? [required(path, 'must specify a volume type')] : errors;
}

function portalErrors(volume: Fields, source: Fields, path: string): FieldError[] {
  const name = textIn(volume, 'name');
  if (!isSet(source, 'initiatorName') || `${name}:${textIn(source, 'targetPortal')}`.length <= 64) return [];
  const detail =
    'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
  return [invalidValue(`${path}.name`, name, detail)];
}

/** The claim that is made for an ephemeral volume has a name made of the pod's and the volume's. */
function claimNameErrors(volume: Fields, podName: string, path: string): FieldError[] {
  const name = textIn(volume, 'name');
  if (podName === '' || name === '') return [];
  const claim = `${podName}-${name}`;
  return subdomainRule(claim).map((text) =>
    invalidValue(`${path}.name`, name, `PVC name ${JSON.stringify(claim)}: ${text}`),
  );
}
