import { type FieldError, required } from '../../../model/field-error.ts';
import { childPath, indexPath, keyPath } from '../field-path.ts';
import type { Schema } from './schema.ts';

/** A nested validation, and the structure that it is to validate. */
interface Validated {
  readonly validation: Schema;
  readonly structure: Schema | undefined;
  readonly validationPath: string;
  readonly structurePath: string;
}

/** Fields and items that nested validations speak of and that the structure does not have. */
export function completenessErrors(schema: Schema, path: string): FieldError[] {
  return combinationErrors({ validation: schema, structure: schema, validationPath: path, structurePath: path });
}

function combinationErrors(validated: Validated): FieldError[] {
  const { validation, validationPath: path } = validated;
  const nested = (each: Schema, where: string): FieldError[] =>
    nestedErrors({ ...validated, validation: each, validationPath: where });
  return [
    ...(validation.not === undefined ? [] : nested(validation.not, childPath(path, 'not'))),
    ...validation.allOf.flatMap((each, index) => nested(each, indexPath(childPath(path, 'allOf'), index))),
    ...validation.anyOf.flatMap((each, index) => nested(each, indexPath(childPath(path, 'anyOf'), index))),
    ...validation.oneOf.flatMap((each, index) => nested(each, indexPath(childPath(path, 'oneOf'), index))),
  ];
}

function nestedErrors(validated: Validated): FieldError[] {
  const { validation, structure, validationPath, structurePath } = validated;
  if (structure === undefined) return [required(structurePath, `because it is defined in ${validationPath}`)];
  const errors = combinationErrors(validated);
  if (validation.items !== undefined) {
    errors.push(
      ...nestedErrors({
        validation: validation.items,
        structure: structure.items,
        validationPath: childPath(validationPath, 'items'),
        structurePath: childPath(structurePath, 'items'),
      }),
    );
  }
  for (const [name, property] of validation.properties) {
    errors.push(
      ...nestedErrors({
        validation: property,
        structure: structure.properties.get(name),
        validationPath: keyPath(childPath(validationPath, 'properties'), name),
        structurePath: keyPath(childPath(structurePath, 'properties'), name),
      }),
    );
  }
  return errors;
}
