import { getField, requireKind, setField, setScalar } from './node-edit.ts';
import { matchItem } from './node-path.ts';
import { isEmptyMapping, isMissingOrNull, isNilOrEmpty, YamlNode } from './yaml-node.ts';

/** An item's values of the merge keys, '' where it has none; of a scalar, its text. */
type Values = readonly string[];

/**
 * Merges a patch's list into what is there, matching items by the keys (scalars, when there are none). Items of the patch
 * come first. This follows kyaml step by step, with what it does to items that lack a key.
 */
export function mergeAssociativeList(
  list: YamlNode,
  patch: YamlNode | undefined,
  schemaKeys: readonly string[],
  mergeItems: (item: YamlNode | undefined, patch: YamlNode | undefined) => YamlNode | undefined,
): YamlNode | undefined {
  const sources = [patch, list].filter((each) => each !== undefined);
  const keys = schemaKeys.length === 0 ? [''] : schemaKeys;
  let all: Values[] = unique(sources.flatMap((source) => source.items.map((item) => valuesOf(item, schemaKeys))));
  if (keys.length > 1) all = withCommonValues(all);
  const added = new YamlNode('sequence');
  let valid: ValidKeys = { keys, values: [] };
  for (const values of all) {
    valid = validKeys(all, values, keys);
    const own = validKeys([values], valid.values, valid.keys);
    const item = mergeItems(matching(list, own), patch === undefined ? undefined : matching(patch, own));
    if (item === undefined || isMissingOrNull(item) || isEmptyMapping(item)) {
      for (const _key of valid.keys) setItem(list, undefined, valid);
      continue;
    }
    addMissingKeys(item, valid);
    setItem(added, item, valid);
  }
  return all.length === 0 ? list : withRest(added, list, valid.keys);
}

function valuesOf(item: YamlNode, keys: readonly string[]): Values {
  if (keys.length === 0) return [item.value];
  return keys.map((key) => {
    const value = item.kind === 'mapping' ? item.field(key) : undefined;
    return value === undefined || isNilOrEmpty(value) ? '' : value.value;
  });
}

function unique(all: readonly Values[]): Values[] {
  return [...new Map(all.map((values) => [JSON.stringify(values), values])).values()];
}

interface ValidKeys {
  readonly keys: readonly string[];
  readonly values: Values;
}

/** The keys that any of the items has, and the values of one item for them. */
function validKeys(all: readonly Values[], values: Values, keys: readonly string[]): ValidKeys {
  const used = new Set(all.flatMap((each) => keys.filter((_key, index) => (each[index] ?? '') !== '')));
  if (used.size === 0) return { keys, values };
  return {
    keys: keys.filter((key) => used.has(key)),
    values: values.filter((value, index) => value !== '' || used.has(keys[index] ?? '')),
  };
}

/** Lets items that agree on a key, and differ on none that both have, share their values. */
function withCommonValues(all: readonly Values[]): Values[] {
  const merged = [...all];
  for (let left = 0; left < merged.length; left++) {
    for (let right = 0; right < merged.length; right++) {
      const common = commonValues(merged[left] ?? [], merged[right] ?? []);
      if (common === undefined) continue;
      merged[left] = common;
      merged[right] = common;
    }
  }
  return merged;
}

function commonValues(left: Values, right: Values): Values | undefined {
  let agree = false;
  const common: string[] = [];
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? '';
    if (value === other) agree = true;
    else if (value !== '' && other !== '') return undefined;
    common.push(value || other);
  }
  return agree ? common : undefined;
}

function matching(list: YamlNode, { keys, values }: ValidKeys): YamlNode | undefined {
  if (list.kind !== 'sequence' || keys.length !== values.length) return undefined;
  return matchItem(list, keys, values);
}

function addMissingKeys(item: YamlNode, { keys, values }: ValidKeys): void {
  for (const [index, key] of keys.entries()) {
    const value = values[index] ?? '';
    if (value === '' || (item.kind === 'mapping' && item.field(key) !== undefined)) continue;
    if (key === '') setScalar(item, YamlNode.scalar(value));
    else setField(item, key, YamlNode.scalar(value));
  }
}

/** Puts an item in the place of those that match, or at the end; without an item, removes those. */
function setItem(list: YamlNode, item: YamlNode | undefined, { keys, values }: ValidKeys): void {
  const ofMappings = (keys[0] ?? '') !== '' && (values[0] ?? '') !== '';
  let found = false;
  const items: YamlNode[] = [];
  for (const each of list.items) {
    if (isMissingOrNull(each) || isEmptyMapping(each)) continue;
    if (each.kind !== 'mapping' && ofMappings) items.push(each);
    else if (!fits(each, keys, values)) {
      if (values.length > 0) items.push(each);
    } else {
      found = true;
      if (item !== undefined) items.push(item);
    }
  }
  if (item !== undefined && !found) items.push(item);
  list.items = items;
}

function fits(item: YamlNode, keys: readonly string[], values: Values): boolean {
  let last = false;
  for (const [index, key] of keys.entries()) {
    if (index < values.length) last = hasValue(item, key, values[index] ?? '');
    if (!last) return false;
  }
  return true;
}

function hasValue(item: YamlNode, key: string, value: string): boolean {
  if (key === '') {
    requireKind(item, 'scalar');
    return item.text === value;
  }
  const field = getField(item, key);
  return field !== undefined && (value === '' || field.value === value);
}

/** Adds to the merged items those that only were there before. */
function withRest(added: YamlNode, list: YamlNode, keys: readonly string[]): YamlNode {
  for (const item of list.items) {
    if (keys[0] === '') {
      setItem(added, item, { keys: [''], values: [item.value] });
      continue;
    }
    const values: string[] = [];
    for (const key of keys) {
      const value = getField(item, key);
      if (value === undefined) added.items.push(item);
      else values.push(value.value);
    }
    if (keys.length > 1) setItem(added, undefined, { keys, values });
    setItem(added, item, { keys, values });
  }
  return added;
}
