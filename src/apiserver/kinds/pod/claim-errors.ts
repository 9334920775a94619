import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { formatQuantity, quantitySign } from '../../../model/quantity.ts';
import { ruleErrors, selectorErrors } from '../field-checks.ts';
import { type Fields, isSet, objectIn, partOf, stringsIn, textIn } from '../fields.ts';
import { quantityIn } from '../resource-list.ts';
import { labelRule, subdomainRule } from '../value-rules.ts';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];

/** Access modes that a volume or claim does not have, or may not have together. */
export function accessModesErrors(spec: Fields, path: string): FieldError[] {
  const modes = stringsIn(spec, 'accessModes');
  const field = `${path}.accessModes`;
  const errors = modes
    .filter((mode) => !ACCESS_MODES.includes(mode))
    .map((mode) => notSupported(field, mode, ACCESS_MODES));
  const others = modes.some((mode) => mode !== 'ReadWriteOncePod' && ACCESS_MODES.includes(mode));
  if (modes.includes('ReadWriteOncePod') && others) {
    errors.push(fieldForbidden(field, 'may not use ReadWriteOncePod with other access modes'));
  }
  return errors;
}

/**
 * What is wrong with the spec of a PersistentVolumeClaim (ValidatePersistentVolumeClaimSpec). Groups of data sources are taken as they
 * are where the claim had one before.
 */
export function claimSpecErrors(spec: Fields, path: string, anyGroup = false): FieldError[] {
  const errors: FieldError[] = [];
  if (stringsIn(spec, 'accessModes').length === 0) {
    errors.push(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  }
  errors.push(...selectorErrors(objectIn(spec, 'selector'), `${path}.selector`), ...accessModesErrors(spec, path));
  errors.push(...storageErrors(partOf(spec, 'resources', 'requests'), `${path}.resources[storage]`));
  const className = textIn(spec, 'storageClassName');
  if (className !== '') errors.push(...ruleErrors(`${path}.storageClassName`, className, subdomainRule));
  errors.push(...volumeModeErrors(spec, path), ...dataSourceErrors(spec, path, anyGroup));
  const attributes = textIn(spec, 'volumeAttributesClassName');
  if (attributes !== '') errors.push(...ruleErrors(`${path}.volumeAttributesClassName`, attributes, subdomainRule));
  return errors;
}

function storageErrors(requests: Fields, field: string): FieldError[] {
  const storage = quantityIn(requests, 'storage');
  if (storage === undefined) return [required(field)];
  if (quantitySign(storage) > 0) return [];
  return [invalidValue(field, formatQuantity(storage), 'must be greater than zero')];
}

export function volumeModeErrors(spec: Fields, path: string): FieldError[] {
  if (!isSet(spec, 'volumeMode') || VOLUME_MODES.includes(textIn(spec, 'volumeMode'))) return [];
  return [notSupported(`${path}.volumeMode`, spec['volumeMode'], VOLUME_MODES)];
}

function dataSourceErrors(spec: Fields, path: string, anyGroup: boolean): FieldError[] {
  const source = objectIn(spec, 'dataSource');
  const reference = objectIn(spec, 'dataSourceRef');
  const errors: FieldError[] = [];
  if (source !== undefined) errors.push(...sourceErrors(source, `${path}.dataSource`, anyGroup));
  if (reference === undefined) return errors;
  errors.push(...sourceErrors(reference, `${path}.dataSourceRef`, anyGroup));
  const namespace = textIn(reference, 'namespace');
  if (namespace !== '') errors.push(...ruleErrors(`${path}.dataSourceRef.namespace`, namespace, labelRule));
  if (source === undefined) return errors;
  // The value in these errors is a path of Go's own type, which has no field that JSON shows.
  if (namespace !== '') {
    errors.push(invalidValue(path, {}, 'may not be specified when dataSourceRef.namespace is specified'));
  } else if (!['apiGroup', 'kind', 'name'].every((key) => deepEqual(source[key] ?? null, reference[key] ?? null))) {
    errors.push(invalidValue(path, {}, 'must match dataSourceRef'));
  }
  return errors;
}

/** What is wrong with a reference to what a claim is filled from (validateDataSource, validateDataSourceRef). */
function sourceErrors(source: Fields, path: string, anyGroup: boolean): FieldError[] {
  const errors = ['name', 'kind']
    .filter((field) => textIn(source, field) === '')
    .map((field) => required(`${path}.${field}`));
  const group = textIn(source, 'apiGroup');
  const kind = textIn(source, 'kind');
  if (group === '' && kind !== 'PersistentVolumeClaim') {
    const detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    errors.push(invalidValue(path, kind, detail));
  }
  if (group !== '' && !anyGroup) errors.push(...ruleErrors(`${path}.apiGroup`, group, subdomainRule));
  return errors;
}
