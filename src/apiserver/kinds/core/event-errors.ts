import { type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { semanticEqual } from '../../../model/semantic-equal.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectIn, partOf, textIn } from '../fields.ts';
import { qualifiedNameRule, subdomainRule } from '../value-rules.ts';

const LONGEST = 128;
const LONGEST_NOTE = 1024;
/** The fields that the two groups name otherwise; upstream's errors use the names on the left for both. */
const NAMES: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
};

/** An event with the field names of the older group, whichever it is of. */
function normal(event: KubeObject): Fields {
  const fields: Fields = { ...event };
  for (const [old, now] of Object.entries(NAMES)) fields[old] = event[old] ?? event[now];
  return fields;
}

/** What is wrong with a new event (ValidateEventCreate); those of events.k8s.io are looked at more closely. */
export function eventErrors(object: KubeObject, strict: boolean): FieldError[] {
  const event = normal(object);
  const errors = legacyErrors(event, object.metadata.namespace ?? '');
  if (!strict) return errors;
  errors.push(...seriesErrors(event));
  if (!isSet(event, 'eventTime')) errors.push(required('eventTime'));
  const type = textIn(event, 'type');
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalidValue('type', '', `has invalid value: ${type}`));
  const source = partOf(event, 'source');
  const set = {
    firstTimestamp: isSet(event, 'firstTimestamp'),
    lastTimestamp: isSet(event, 'lastTimestamp'),
    count: (numberIn(event, 'count') ?? 0) !== 0,
    source: textIn(source, 'component') !== '' || textIn(source, 'host') !== '',
  };
  const old = Object.entries(set).filter(([, isThere]) => isThere);
  return [...errors, ...old.map(([key]) => invalidValue(key, '', 'needs to be unset'))];
}

const KEPT = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'reason',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
];

/** What is wrong with a change of an event (ValidateEventUpdate): of those of events.k8s.io the series alone may change. */
export function eventUpdateErrors(object: KubeObject, old: KubeObject, strict: boolean): FieldError[] {
  const event = normal(object);
  const before = normal(old);
  const errors = legacyErrors(event, object.metadata.namespace ?? '');
  if (!strict) return errors;
  if (!semanticEqual(event['series'], before['series'])) errors.push(...seriesErrors(event));
  for (const key of KEPT) {
    if (semanticEqual(event[key], before[key])) continue;
    const field = key === 'reportingComponent' ? 'reportingController' : key;
    errors.push(invalidValue(field, shown(key, event[key]), 'field is immutable'));
  }
  return errors;
}

/** A value as Go's own type of it prints, which has no names for JSON. */
function shown(key: string, value: unknown): unknown {
  if (key === 'source') {
    const source = partOf({ value }, 'value');
    return { Component: textIn(source, 'component'), Host: textIn(source, 'host') };
  }
  if (key === 'involvedObject' || (key === 'related' && value !== undefined)) {
    const about = partOf({ value }, 'value');
    const text = (field: string) => textIn(about, field);
    return {
      Kind: text('kind'),
      Namespace: text('namespace'),
      Name: text('name'),
      UID: text('uid'),
      APIVersion: text('apiVersion'),
      ResourceVersion: text('resourceVersion'),
      FieldPath: text('fieldPath'),
    };
  }
  if (key === 'count') return value ?? 0;
  return value ?? (['eventTime', 'firstTimestamp', 'lastTimestamp', 'related'].includes(key) ? null : '');
}

function seriesErrors(event: Fields): FieldError[] {
  const series = objectIn(event, 'series');
  if (series === undefined) return [];
  const few = (numberIn(series, 'count') ?? 0) < 2;
  return [
    ...(few ? [invalidValue('series.count', '', 'should be at least 2')] : []),
    ...(isSet(series, 'lastObservedTime') ? [] : [required('series.lastObservedTime')]),
  ];
}

/** What any event must have (legacyValidateEvent); those with a time say who reports what was done. */
function legacyErrors(event: Fields, namespace: string): FieldError[] {
  const about = textIn(partOf(event, 'involvedObject'), 'namespace');
  const isOfClusters = ['', 'default', ...(isSet(event, 'eventTime') ? ['kube-system'] : [])].includes(namespace);
  const fits = about === '' ? isOfClusters : isSet(event, 'eventTime') || about === namespace;
  const errors = fits ? [] : [invalidValue('involvedObject.namespace', about, 'does not match event.namespace')];
  if (isSet(event, 'eventTime')) errors.push(...reportErrors(event));
  return [...errors, ...ruleErrors('namespace', namespace, subdomainRule)];
}

function reportErrors(event: Fields): FieldError[] {
  const controller = textIn(event, 'reportingComponent');
  const errors = controller === '' ? [required('reportingController')] : [];
  errors.push(...ruleErrors('reportingController', controller, qualifiedNameRule));
  for (const key of ['reportingInstance', 'action', 'reason']) {
    const value = textIn(event, key);
    if (value === '') errors.push(required(key));
    if (Buffer.byteLength(value) > LONGEST) {
      errors.push(invalidValue(key, '', `can have at most ${LONGEST} characters`));
    }
  }
  if (Buffer.byteLength(textIn(event, 'message')) <= LONGEST_NOTE) return errors;
  return [...errors, invalidValue('message', '', `can have at most ${LONGEST_NOTE} characters`)];
}
