import type { JsonValue } from '../../model/json-value.ts';
import { goSyntax, goTypeName } from '../../model/go-text.ts';
import { goMapText } from '../go-map-text.ts';
import {
  chosenForm,
  fieldsOf,
  fieldType,
  formOf,
  itemsOf,
  type ListType,
  type MapType,
  type MergeType,
} from './merge-type.ts';
import { elementText, fieldElement, itemElement } from './path-element.ts';

/**
 * What keeps a value from being of a type, in structured-merge-diff's words; undefined when it is of the type. Items of one
 * key may not be there twice.
 */
export function typedErrors(type: MergeType, value: unknown): string | undefined {
  const errors = [...valueErrors(type, value, '')];
  if (errors.length === 0) return undefined;
  return errors.length === 1 ? errors[0] : ['errors:', ...errors.map((each) => `  ${each}`)].join('\n');
}

function* valueErrors(type: MergeType, value: unknown, path: string): Generator<string> {
  const form = formOf(type, value);
  switch (chosenForm(form)) {
    case 'map':
      if (form.map !== undefined) yield* mapErrors(form.map, value, path);
      return;
    case 'list':
      if (form.list !== undefined) yield* listErrors(form.list, value, path);
      return;
    case 'scalar': {
      const problem = scalarProblem(form.scalar ?? 'untyped', value);
      if (problem !== undefined) yield at(path, problem);
    }
  }
}

function* mapErrors(map: MapType, value: unknown, path: string): Generator<string> {
  if (value === null) return;
  const fields = fieldsOf(value);
  if (fields === undefined) {
    yield at(path, `expected map, got ${shown(value)}`);
    return;
  }
  for (const [name, each] of Object.entries(fields)) {
    const below = `${path}${elementText(fieldElement(name))}`;
    const type = fieldType(map, name);
    if (type === undefined) {
      yield at(below, 'field not declared in schema');
      return;
    }
    yield* valueErrors(type, each, below);
  }
}

function* listErrors(list: ListType, value: unknown, path: string): Generator<string> {
  if (value === null) return;
  const items = itemsOf(value);
  if (items === undefined) {
    yield at(path, `expected list, got ${shown(value)}`);
    return;
  }
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const found = list.items === 'atomic' ? { element: `i:${index}` } : itemElement(list, item);
    if ('problem' in found) {
      yield at(path, `element ${index}: ${found.problem}`);
      return;
    }
    const text = elementText(found.element);
    if (seen.has(text)) yield at(path, `duplicate entries for key ${text}`);
    seen.add(text);
    yield* valueErrors(list.element, item, `${path}${text}`);
  }
}

function scalarProblem(scalar: NonNullable<MergeType['scalar']>, value: unknown): string | undefined {
  if (value === null) return undefined;
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  switch (scalar) {
    case 'numeric':
      return isNumber ? undefined : `expected numeric (int or float), got ${goTypeName(value as JsonValue)}`;
    case 'string':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value as JsonValue)}}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${shown(value)}`;
    case 'untyped':
      return isNumber || ['string', 'boolean'].includes(typeof value)
        ? undefined
        : `expected any scalar, got ${shown(value)}`;
  }
}

function at(path: string, problem: string): string {
  return path === '' ? problem : `${path}: ${problem}`;
}

/** A value as Go's %v shows the struct that holds it. */
function shown(value: unknown): string {
  return `&{${goMapText(value)}}`;
}
