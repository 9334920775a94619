import { type FieldError, invalidValue } from '../../../model/field-error.ts';

/** A path with `..` in it (validatePathNoBacksteps). */
export function backstepErrors(field: string, path: string): FieldError[] {
  return path.split('/').includes('..') ? [invalidValue(field, path, "must not contain '..'")] : [];
}

/** A path that is not below where it starts (validateLocalDescendingPath). */
export function descendingPathErrors(field: string, path: string): FieldError[] {
  const absolute = path.startsWith('/') ? [invalidValue(field, path, 'must be a relative path')] : [];
  return [...absolute, ...backstepErrors(field, path)];
}

/** As above, and `..` begins no name either (ValidateLocalNonReservedPath). */
export function localPathErrors(field: string, path: string): FieldError[] {
  const errors = descendingPathErrors(field, path);
  if (path.startsWith('..') && !path.startsWith('../')) {
    errors.push(invalidValue(field, path, "must not start with '..'"));
  }
  return errors;
}
