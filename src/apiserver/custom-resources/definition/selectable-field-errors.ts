import { duplicate, type FieldError, invalidValue, required, tooMany } from '../../../model/field-error.ts';
import { type Fields, objectsIn, textIn } from '../../kinds/fields.ts';
import { schemaFieldPath } from '../schema/schema-field-path.ts';
import type { Schema } from '../schema/schema.ts';

const MOST = 8;
const SCALARS = ['string', 'boolean', 'integer'];

/** What is wrong with the fields that objects may be selected by. */
export function selectableFieldErrors(parent: Fields, schema: Schema | undefined, path: string): FieldError[] {
  const fields = objectsIn(parent, 'selectableFields');
  const where = `${path}.selectableFields`;
  if (fields.length === 0) return [];
  if (schema === undefined) {
    return [invalidValue(where, '', 'may only be set when `version.schema.openAPIV3Schema` is not included')];
  }
  const seen = new Set<string>();
  const errors = fields.flatMap((field, index) =>
    oneField(textIn(field, 'jsonPath'), schema, `${where}[${index}].jsonPath`, seen),
  );
  if (seen.size > MOST) errors.push(tooMany(where, seen.size, MOST));
  return errors;
}

function oneField(text: string, schema: Schema, path: string, seen: Set<string>): FieldError[] {
  if (text === '') return [required(path)];
  const found = schemaFieldPath(text, schema, false);
  if ('problem' in found) return [invalidValue(path, text, `is an invalid path: ${found.problem}`)];
  const errors: FieldError[] = [];
  if (/^metadata(\.|\[|$)/.test(found.path)) {
    errors.push(invalidValue(path, text, 'must not point to fields in metadata'));
  }
  if (!SCALARS.includes(found.schema?.type ?? '')) {
    const wanted =
      'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
    errors.push(invalidValue(path, text, wanted));
  }
  if (seen.has(found.path)) errors.push(duplicate(path, text));
  seen.add(found.path);
  return errors;
}
