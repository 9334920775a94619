import { type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import { type Fields, objectsIn, textIn } from '../../kinds/fields.ts';

const TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

/** What is wrong with the columns that a definition or version adds to its table. */
export function columnErrors(parent: Fields, path: string): FieldError[] {
  return objectsIn(parent, 'additionalPrinterColumns').flatMap((column, index) =>
    oneColumn(column, `${path}.additionalPrinterColumns[${index}]`),
  );
}

function oneColumn(column: Fields, path: string): FieldError[] {
  const type = textIn(column, 'type');
  const format = textIn(column, 'format');
  const jsonPath = textIn(column, 'JSONPath');
  const errors = textIn(column, 'name') === '' ? [required(`${path}.name`)] : [];
  const types = `must be one of ${TYPES.join(',')}`;
  if (type === '') errors.push(required(`${path}.type`, types));
  else if (!TYPES.includes(type)) errors.push(invalidValue(`${path}.type`, type, types));
  if (format !== '' && !FORMATS.includes(format)) {
    errors.push(invalidValue(`${path}.format`, format, `must be one of ${FORMATS.join(',')}`));
  }
  if (jsonPath === '') errors.push(required(`${path}.JSONPath`));
  else errors.push(...simplePathErrors(jsonPath, `${path}.JSONPath`));
  return errors;
}

/** A path that is not of the form `.spec.replicas`. */
export function simplePathErrors(value: string, path: string): FieldError[] {
  return value.startsWith('.') ? [] : [invalidValue(path, value, 'must be a simple json path starting with .')];
}
