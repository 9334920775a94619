import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { formatQuantity, quantitySign } from '../../../model/quantity.ts';
import { ruleErrors, selectorErrors } from '../field-checks.ts';
import { type Fields, isSet, objectIn, partOf, stringsIn, textIn } from '../fields.ts';
import { quantityIn } from '../resource-list.ts';
import { subdomainRule } from '../value-rules.ts';

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

/** What is wrong with the spec of a PersistentVolumeClaim (ValidatePersistentVolumeClaimSpec). */
export function claimSpecErrors(spec: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (stringsIn(spec, 'accessModes').length === 0) {
    errors.push(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  }
  errors.push(...selectorErrors(objectIn(spec, 'selector'), `${path}.selector`), ...accessModesErrors(spec, path));
  errors.push(...storageErrors(partOf(spec, 'resources', 'requests'), `${path}.resources[storage]`));
  const className = textIn(spec, 'storageClassName');
  if (className !== '') errors.push(...ruleErrors(`${path}.storageClassName`, className, subdomainRule));
  errors.push(...volumeModeErrors(spec, path), ...dataSourceErrors(spec, path));
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

function dataSourceErrors(spec: Fields, path: string): FieldError[] {
  return ['dataSource', 'dataSourceRef'].flatMap((key) => {
    const source = objectIn(spec, key);
    if (source === undefined) return [];
    const at = `${path}.${key}`;
    const errors = ['name', 'kind']
      .filter((field) => textIn(source, field) === '')
      .map((field) => required(`${at}.${field}`));
    const group = textIn(source, 'apiGroup');
    if (group === '' && textIn(source, 'kind') !== 'PersistentVolumeClaim') {
      errors.push(
        invalidValue(
          at,
          textIn(source, 'kind'),
          "must be 'PersistentVolumeClaim' when referencing the default apiGroup",
        ),
      );
    }
    if (group !== '') errors.push(...ruleErrors(`${at}.apiGroup`, group, subdomainRule));
    return errors;
  });
}
