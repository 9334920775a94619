import { duplicate, type FieldError, invalidValue, notSupported } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { changedErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';

const GROUP_POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType'];
const LIFECYCLE_MODES = ['Persistent', 'Ephemeral'];
const SHORTEST_TOKEN = 600;
const LONGEST_TOKEN = 2 ** 32;
const SHORTEST_PERIOD = 10;

/** What is wrong with a CSIDriver (validateCSIDriverSpec). */
export function csiDriverErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const policy = textIn(spec, 'fsGroupPolicy');
  const errors: FieldError[] = [];
  if (!GROUP_POLICIES.includes(policy)) errors.push(notSupported('spec.fsGroupPolicy', policy, GROUP_POLICIES));
  errors.push(...tokenErrors(objectsIn(spec, 'tokenRequests')));
  for (const mode of stringsIn(spec, 'volumeLifecycleModes')) {
    if (!LIFECYCLE_MODES.includes(mode)) errors.push(notSupported('spec.volumeLifecycleModes', mode, LIFECYCLE_MODES));
  }
  const period = numberIn(spec, 'nodeAllocatableUpdatePeriodSeconds');
  if (period !== undefined && period < SHORTEST_PERIOD) {
    const detail = `must be greater than or equal to ${SHORTEST_PERIOD} seconds`;
    errors.push(invalidValue('spec.nodeAllocatableUpdatePeriodSeconds', period, detail));
  }
  return errors;
}

/** What is wrong with a change of a CSIDriver (ValidateCSIDriverUpdate, which names one field `attachedRequired`). */
export function csiDriverUpdateErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const now = partOf(object, 'spec');
  const before = partOf(old, 'spec');
  return [
    ...csiDriverErrors(object),
    ...changedErrors('spec.attachedRequired', now['attachRequired'], before['attachRequired']),
    ...changedErrors('spec.volumeLifecycleModes', now['volumeLifecycleModes'], before['volumeLifecycleModes']),
  ];
}

function tokenErrors(requests: readonly Fields[]): FieldError[] {
  const audiences = new Set<string>();
  return requests.flatMap((request, index) => {
    const path = `spec.tokenRequests[${index}]`;
    const audience = textIn(request, 'audience');
    if (audiences.has(audience)) return [duplicate(`${path}.audience`, audience)];
    audiences.add(audience);
    if (!isSet(request, 'expirationSeconds')) return [];
    const seconds = numberIn(request, 'expirationSeconds') ?? 0;
    const wrong = (detail: string) => [invalidValue(`${path}.expirationSeconds`, seconds, detail)];
    if (seconds < SHORTEST_TOKEN) return wrong('may not specify a duration less than 10 minutes');
    return seconds > LONGEST_TOKEN ? wrong('may not specify a duration larger than 2^32 seconds') : [];
  });
}
