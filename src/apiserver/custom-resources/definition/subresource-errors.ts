import { type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import { type Fields, objectIn, textIn } from '../../kinds/fields.ts';
import { simplePathErrors } from './column-errors.ts';

/** What is wrong with the scale subresource of a definition or version. */
export function subresourceErrors(subresources: Fields | undefined, path: string): FieldError[] {
  const scale = subresources === undefined ? undefined : objectIn(subresources, 'scale');
  if (scale === undefined) return [];
  return [
    ...pathErrors(scale, 'specReplicasPath', path, '.spec.'),
    ...pathErrors(scale, 'statusReplicasPath', path, '.status.'),
    ...selectorErrors(textIn(scale, 'labelSelectorPath'), `${path}.scale.labelSelectorPath`),
  ];
}

function pathErrors(scale: Fields, field: string, path: string, prefix: string): FieldError[] {
  const where = `${path}.scale.${field}`;
  const value = textIn(scale, field);
  if (value === '') return [required(where)];
  const errors = simplePathErrors(value, where);
  if (errors.length > 0 || value.startsWith(prefix)) return errors;
  return [invalidValue(where, value, `should be a json path under ${prefix.slice(0, -1)}`)];
}

function selectorErrors(value: string, path: string): FieldError[] {
  if (value === '') return [];
  const errors = simplePathErrors(value, path);
  if (errors.length > 0 || value.startsWith('.spec.') || value.startsWith('.status.')) return errors;
  return [invalidValue(path, value, 'should be a json path under either .spec or .status')];
}
