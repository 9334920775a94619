import { deepEqual } from '../../model/deep-equal.ts';
import { type Fields, isFields } from './fields.ts';

/**
 * The fields in which two objects differ, one line for what was and one for what is. Kubernetes prints a go-cmp diff of its
 * internal types here, whose layout its authors vary on purpose; this says the same in its style.
 */
export function changesText(type: string, before: Fields, after: Fields): string {
  const lines = changedLines(before, after, '');
  return ['', `  ${type}{`, ...lines.map((line) => line), '  }', ''].slice(1).join('\n');
}

function changedLines(before: unknown, after: unknown, path: string): string[] {
  if (deepEqual(before, after)) return [];
  if (isFields(before) && isFields(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => changedLines(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item: unknown, index) => changedLines(item, after[index], `${path}[${index}]`));
  }
  return [line('-', path, before), line('+', path, after)].filter((each) => each !== '');
}

function line(sign: string, path: string, value: unknown): string {
  return value === undefined || value === null ? '' : `${sign} \t${path}: ${JSON.stringify(value)},`;
}
