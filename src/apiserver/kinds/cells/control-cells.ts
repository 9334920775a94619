import type { JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { humanDuration } from '../../../model/duration.ts';
import { ageOf, nameOf } from './cells.ts';

export function webhookConfigurationCells(object: KubeObject, now: Date): JsonValue[] {
  return [nameOf(object), objectsIn(object, 'webhooks').length, ageOf(object, now)];
}

export function validatingPolicyCells(object: KubeObject, now: Date): JsonValue[] {
  return policyCells(object, now, 'validations');
}

export function mutatingPolicyCells(object: KubeObject, now: Date): JsonValue[] {
  return policyCells(object, now, 'mutations');
}

function policyCells(object: KubeObject, now: Date, steps: string): JsonValue[] {
  const spec = partOf(object, 'spec');
  const kind = objectIn(spec, 'paramKind');
  const kindText = kind === undefined ? '<unset>' : `${textIn(kind, 'apiVersion')}/${textIn(kind, 'kind')}`;
  return [nameOf(object), objectsIn(spec, steps).length, kindText, ageOf(object, now)];
}

export function policyBindingCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  return [nameOf(object), textIn(spec, 'policyName'), parameterText(objectIn(spec, 'paramRef')), ageOf(object, now)];
}

/** `*` stands for the namespace, when it is not known whether the parameter has one. */
function parameterText(reference: Fields | undefined): string {
  if (reference === undefined || textIn(reference, 'name') === '') return '<unset>';
  return `${textIn(reference, 'namespace') || '*'}/${textIn(reference, 'name')}`;
}

export function roleBindingCells(object: KubeObject, now: Date): JsonValue[] {
  const role = partOf(object, 'roleRef');
  const subjects = objectsIn(object, 'subjects');
  const names = (kind: string) =>
    subjects.filter((subject) => textIn(subject, 'kind') === kind).map((subject) => textIn(subject, 'name'));
  const accounts = subjects
    .filter((subject) => textIn(subject, 'kind') === 'ServiceAccount')
    .map((subject) => `${textIn(subject, 'namespace')}/${textIn(subject, 'name')}`);
  return [
    nameOf(object),
    `${textIn(role, 'kind')}/${textIn(role, 'name')}`,
    ageOf(object, now),
    names('User').join(', '),
    names('Group').join(', '),
    accounts.join(', '),
  ];
}

export function signingRequestCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const seconds = numberIn(spec, 'expirationSeconds');
  return [
    nameOf(object),
    ageOf(object, now),
    textIn(spec, 'signerName') || '<none>',
    textIn(spec, 'username'),
    seconds === undefined ? '<none>' : humanDuration(seconds * 1000),
    signingState(partOf(object, 'status')),
  ];
}

function signingState(status: Fields): string {
  const types = objectsIn(status, 'conditions').map((condition) => textIn(condition, 'type'));
  const states = [['Denied', 'Approved'].find((type) => types.includes(type)) ?? 'Pending'];
  if (types.includes('Failed')) states.push('Failed');
  if (textIn(status, 'certificate') !== '') states.push('Issued');
  return states.join(',');
}

export function flowSchemaCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const distinguisher = objectIn(spec, 'distinguisherMethod');
  const conditions = objectsIn(partOf(object, 'status'), 'conditions');
  const dangling = conditions.find((condition) => textIn(condition, 'type') === 'Dangling');
  return [
    nameOf(object),
    textIn(partOf(spec, 'priorityLevelConfiguration'), 'name'),
    numberIn(spec, 'matchingPrecedence') ?? 0,
    distinguisher === undefined ? '<none>' : textIn(distinguisher, 'type'),
    ageOf(object, now),
    dangling === undefined ? '?' : textIn(dangling, 'status'),
  ];
}

export function priorityLevelCells(object: KubeObject, now: Date): JsonValue[] {
  const spec = partOf(object, 'spec');
  const limited = objectIn(spec, 'limited') ?? {};
  const queuing = partOf(limited, 'limitResponse', 'queuing');
  const number = (part: Fields, key: string) => (isSet(part, key) ? (numberIn(part, key) ?? 0) : '<none>');
  return [
    nameOf(object),
    textIn(spec, 'type'),
    number(limited, 'nominalConcurrencyShares'),
    number(queuing, 'queues'),
    number(queuing, 'handSize'),
    number(queuing, 'queueLengthLimit'),
    ageOf(object, now),
  ];
}

export function apiServiceCells(object: KubeObject, now: Date): JsonValue[] {
  const service = objectIn(partOf(object, 'spec'), 'service');
  const target = service === undefined ? 'Local' : `${textIn(service, 'namespace')}/${textIn(service, 'name')}`;
  return [nameOf(object), target, availability(partOf(object, 'status')), ageOf(object, now)];
}

function availability(status: Fields): string {
  const available = objectsIn(status, 'conditions').find((condition) => textIn(condition, 'type') === 'Available');
  if (available === undefined) return 'Unknown';
  const value = textIn(available, 'status');
  const reason = textIn(available, 'reason');
  return value === 'True' || reason === '' ? value : `${value} (${reason})`;
}
