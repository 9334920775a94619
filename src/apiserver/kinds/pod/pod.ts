import type { FieldError } from '../../../model/field-error.ts';
import { invalidValue } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy, keepAllButStatus } from '../define-strategy.ts';
import { changedErrors, ruleErrors } from '../field-checks.ts';
import { ensureObject, type Fields, flagIn, numberIn, objectsIn, partOf, textIn } from '../fields.ts';
import { addressErrors } from '../ip-address.ts';
import { qualifiedNameRule, subdomainRule } from '../value-rules.ts';
import { admitPod, admitPodUpdate } from './pod-admission.ts';
import { qosClassOf } from './pod-amounts.ts';
import { defaultPod } from './pod-defaults.ts';
import { podErrors, podUpdateErrors } from './pod-errors.ts';
import { ephemeralContainers } from './ephemeral-containers.ts';
import { applyLabelKeys } from './label-keys.ts';
import { podWarnings } from './pod-warnings.ts';
import { resize } from './resize.ts';

function initialStatus(pod: KubeObject): Fields {
  const spec = partOf(pod, 'spec');
  const status: Fields = { phase: 'Pending', qosClass: qosClassOf(spec) };
  if (objectsIn(spec, 'schedulingGates').length > 0) {
    const message = 'Scheduling is blocked due to non-empty scheduling gates';
    const gated = { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message };
    status['conditions'] = [{ ...gated, lastProbeTime: null, lastTransitionTime: null }];
  }
  return status;
}

/** The class of a pod is fixed; old kubelets leave it out. */
function prepareForStatusUpdate(pod: KubeObject, old: KubeObject): void {
  keepAllButStatus(pod, old);
  const { metadata } = pod;
  if (old.metadata.ownerReferences === undefined) delete metadata.ownerReferences;
  else metadata.ownerReferences = old.metadata.ownerReferences;
  const status = ensureObject(pod, 'status');
  if (textIn(status, 'qosClass') === '') status['qosClass'] = textIn(partOf(old, 'status'), 'qosClass');
}

const SYSTEM_CONDITIONS = ['PodScheduled', 'Ready', 'Initialized'];

function validateStatusUpdate(pod: KubeObject, old: KubeObject): FieldError[] {
  const status = partOf(pod, 'status');
  const errors = objectsIn(status, 'conditions').flatMap((condition, index) => {
    const type = textIn(condition, 'type');
    if (SYSTEM_CONDITIONS.includes(type)) return [];
    return ruleErrors(`metadata.conditions[${index}].Type`, type, qualifiedNameRule);
  });
  const nominated = textIn(status, 'nominatedNodeName');
  if (nominated !== '') errors.push(...ruleErrors('status.nominatedNodeName', nominated, subdomainRule));
  errors.push(
    ...changedErrors('status.qosClass', textIn(status, 'qosClass'), textIn(partOf(old, 'status'), 'qosClass')),
  );
  errors.push(...stateErrors(pod, old));
  for (const [index, address] of objectsIn(status, 'podIPs').entries()) {
    errors.push(...addressErrors(`status.podIPs[${index}]`, textIn(address, 'ip')));
  }
  return [...errors, ...hostAddressErrors(status)];
}

/** A container that is done, and is not to be restarted, stays done. */
function stateErrors(pod: KubeObject, old: KubeObject): FieldError[] {
  const policy = textIn(partOf(pod, 'spec'), 'restartPolicy');
  if (policy === 'Always') return [];
  const now = objectsIn(partOf(pod, 'status'), 'containerStatuses');
  return objectsIn(partOf(old, 'status'), 'containerStatuses').flatMap((before, index) => {
    const terminated = partOf(before, 'state')['terminated'];
    if (terminated === undefined || terminated === null) return [];
    if ((numberIn(terminated as Fields, 'exitCode') ?? 0) !== 0 && policy === 'OnFailure') return [];
    const revived = now.some(
      (each) => textIn(each, 'name') === textIn(before, 'name') && !partOf(each, 'state')['terminated'],
    );
    const detail = 'may not be transitioned to non-terminated state';
    const field = `status.containerStatuses[${index}].state`;
    return revived ? [{ type: 'FieldValueForbidden', field, detail } as const] : [];
  });
}

function hostAddressErrors(status: Fields): FieldError[] {
  const addresses = objectsIn(status, 'hostIPs').map((address) => textIn(address, 'ip'));
  const [first] = addresses;
  if (first === undefined) return [];
  const path = 'status.hostIPs';
  const errors =
    first === textIn(status, 'hostIP') ? [] : [invalidValue(`${path}[0].ip`, first, 'must be equal to `hostIP`')];
  return [...errors, ...addresses.flatMap((address, index) => addressErrors(`${path}[${index}]`, address))];
}

/** How long a pod may take to end: none when nobody runs it. */
function gracePeriod(pod: KubeObject, requested: number | undefined): number {
  const spec = partOf(pod, 'spec');
  const phase = textIn(partOf(pod, 'status'), 'phase');
  if (textIn(spec, 'nodeName') === '' || phase === 'Failed' || phase === 'Succeeded') return 0;
  const period = requested ?? numberIn(spec, 'terminationGracePeriodSeconds') ?? 0;
  return period < 0 ? 1 : period;
}

function firstAddress(pod: KubeObject): string {
  return textIn(objectsIn(partOf(pod, 'status'), 'podIPs')[0] ?? {}, 'ip');
}

const ofSpec = (key: string) => (pod: KubeObject) => textIn(partOf(pod, 'spec'), key);
const ofStatus = (key: string) => (pod: KubeObject) => textIn(partOf(pod, 'status'), key);

export const podStrategy = defineStrategy({
  resource: 'pods',
  generation: true,
  initialStatus,
  defaults: defaultPod,
  prepareForCreate: applyLabelKeys,
  prepareForUpdate: admitPodUpdate,
  prepareForStatusUpdate,
  admit: admitPod,
  admitsBeforeHooks: true,
  validate: podErrors,
  validateUpdate: podUpdateErrors,
  validateStatusUpdate,
  subresources: { ephemeralcontainers: ephemeralContainers, resize },
  warnings: podWarnings,
  gracePeriod,
  selectableFields: {
    'spec.nodeName': ofSpec('nodeName'),
    'spec.restartPolicy': ofSpec('restartPolicy'),
    'spec.schedulerName': ofSpec('schedulerName'),
    'spec.serviceAccountName': ofSpec('serviceAccountName'),
    'spec.hostNetwork': (pod) => String(flagIn(partOf(pod, 'spec'), 'hostNetwork')),
    'status.phase': ofStatus('phase'),
    'status.podIP': firstAddress,
    'status.podIPs': firstAddress,
    'status.nominatedNodeName': ofStatus('nominatedNodeName'),
  },
});
