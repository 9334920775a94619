import { valueAt } from './fields.ts';

/** A boolean that may be absent: `True`, `False` or `<unset>`. */
export function flagText(object: unknown, path: string): string {
  const value = valueAt(object, path);
  if (value === undefined) return '<unset>';
  return value === true ? 'True' : 'False';
}
