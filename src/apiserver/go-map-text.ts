import { RawJson } from '../model/raw-json.ts';
import { wireJsonText } from '../model/wire-json.ts';

/** A JSON value as Go's `%+v` prints its maps and slices: `map[spec:map[replicas:three]]`. */
export function goMapText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (value instanceof RawJson) return goMapText(value.toJSON());
  if (Array.isArray(value)) return `[${value.map(goMapText).join(' ')}]`;
  if (typeof value !== 'object') return typeof value === 'string' ? value : wireJsonText(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${fields.map(([key, field]) => `${key}:${goMapText(field)}`).join(' ')}]`;
}
