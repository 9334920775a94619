import { duplicate, type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { changedErrors, negativeErrors, ruleErrors } from '../field-checks.ts';
import { type Fields, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { qualifiedNameRule } from '../value-rules.ts';
import { driverNameErrors } from './driver-name-errors.ts';

const LONGEST_NODE_ID = 256;

/** What is wrong with a CSINode (validateCSINodeSpec). */
export function csiNodeErrors(object: KubeObject): FieldError[] {
  const names = new Set<string>();
  return driversOf(object).flatMap((driver, index) => {
    const path = `spec.drivers[${index}]`;
    const name = textIn(driver, 'name');
    const errors = [
      ...driverNameErrors(name, `${path}.name`),
      ...nodeErrors(textIn(driver, 'nodeID'), `${path}.nodeID`),
    ];
    const allocatable = objectIn(driver, 'allocatable');
    if (allocatable !== undefined) errors.push(...negativeErrors(allocatable, 'count', `${path}.allocatable`));
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    return [...errors, ...keysErrors(stringsIn(driver, 'topologyKeys'), path)];
  });
}

/** What is wrong with a change: a driver stays as it is, but for how many volumes it takes. */
export function csiNodeUpdateErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const errors = csiNodeErrors(object);
  for (const before of driversOf(old)) {
    const now = driversOf(object).filter((driver) => textIn(driver, 'name') === textIn(before, 'name'));
    errors.push(
      ...now.flatMap((driver) => changedErrors('spec.drivers', internalDriver(driver), internalDriver(before))),
    );
  }
  return errors;
}

/** A driver without how many volumes it takes, as Go's own type of it prints, which has no names for JSON. */
function internalDriver(driver: Fields): Fields {
  return {
    Name: textIn(driver, 'name'),
    NodeID: textIn(driver, 'nodeID'),
    TopologyKeys: driver['topologyKeys'] ?? null,
    Allocatable: null,
  };
}

function driversOf(object: KubeObject): Fields[] {
  return objectsIn(partOf(object, 'spec'), 'drivers');
}

function nodeErrors(id: string, field: string): FieldError[] {
  if (id === '') return [required(field)];
  if (Buffer.byteLength(id) <= LONGEST_NODE_ID) return [];
  return [invalidValue(field, id, `must be ${LONGEST_NODE_ID} characters or less`)];
}

function keysErrors(keys: readonly string[], path: string): FieldError[] {
  return keys.flatMap((key, index) => [
    ...(key === '' ? [required(path)] : []),
    ...(keys.indexOf(key) < index ? [duplicate(path, key)] : []),
    ...ruleErrors(path, key, qualifiedNameRule),
  ]);
}
