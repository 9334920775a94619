import { goText } from '../../model/go-text.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json-value.ts';
import { type JsonPath, parseJsonPath } from '../../model/jsonpath/json-path.ts';
import { relaxedExpression } from '../../model/jsonpath/relaxed-expression.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';

/** What `--for` waits for. */
export type WaitCondition =
  | { readonly kind: 'create' | 'delete' }
  /** Something that shows in the object. */
  | ObjectCondition;

export interface ObjectCondition {
  readonly kind: 'object';
  /** As it was given. */
  readonly text: string;
  /** Throws what cannot be compared. */
  holds(object: KubeObject): boolean;
}

/** Reads a value of `--for`. Throws UserError and JsonPathError in kubectl's words. */
export function waitCondition(text: string): WaitCondition {
  const lower = text.toLowerCase();
  if (lower === 'create' || lower === 'delete') return { kind: lower };
  return objectCondition(text);
}

/** Reads `condition=NAME[=VALUE]` or `jsonpath=PATH[=VALUE]`. */
export function objectCondition(text: string): ObjectCondition {
  if (text.startsWith('condition=')) {
    const [, name = '', value = 'true'] = /^condition=([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
    return { kind: 'object', text, holds: (object) => statusConditionHolds(object, name, value) };
  }
  if (text.startsWith('jsonpath=')) {
    const { path, value } = pathAndValue(text.slice('jsonpath='.length));
    return { kind: 'object', text, holds: (object) => pathHolds(object, path, value) };
  }
  throw new UserError(`unrecognized condition: ${JSON.stringify(text)}`);
}

/** Whether the condition has this status and was made for the present generation of the object. */
function statusConditionHolds({ metadata, status }: KubeObject, name: string, value: string): boolean {
  const conditions = isJsonObject(status) && Array.isArray(status['conditions']) ? status['conditions'] : [];
  const condition = conditions.find(
    (each) => isJsonObject(each) && sameText(each['type'], name) && typeof each['status'] === 'string',
  );
  if (!isJsonObject(condition) || !isJsonObject(status)) return false;
  const observed = observedGeneration(condition) ?? observedGeneration(status);
  if (metadata.generation !== undefined && observed !== undefined && observed < metadata.generation) return false;
  return sameText(condition['status'], value);
}

function observedGeneration({ observedGeneration: observed }: JsonObject): number | undefined {
  return typeof observed === 'number' ? observed : undefined;
}

function sameText(left: JsonValue | undefined, right: string): boolean {
  return typeof left === 'string' && left.toLowerCase() === right.toLowerCase();
}

function pathHolds(object: KubeObject, path: JsonPath, value: string | undefined): boolean {
  const found = path.evaluate(object as unknown as JsonValue);
  const [results = []] = found;
  if (results.length === 0) return false;
  if (found.length > 1) throw new UserError('given jsonpath expression matches more than one list');
  if (results.length > 1) throw new UserError('given jsonpath expression matches more than one value');
  if (value === undefined) return true;
  const [result] = results;
  if (Array.isArray(result) || isJsonObject(result)) {
    throw new UserError('jsonpath leads to a nested object or list which is not supported');
  }
  return goText(result).trim() === value.trim();
}

function pathAndValue(text: string): { path: JsonPath; value: string | undefined } {
  const [expression = '', quoted, ...more] = splitAtSingleEquals(text);
  if (more.length > 0) {
    throw new UserError(
      "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    );
  }
  const relaxed = relaxedExpression(expression);
  const value = quoted?.replace(/^['"]+|['"]+$/g, '');
  if (value === '') {
    throw new UserError(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    );
  }
  if (relaxed === '') throw new UserError('jsonpath expression cannot be empty');
  return { path: parseJsonPath(relaxed), value };
}

/** Splits at `=`, but not at the `==` of a filter: `a==b=c` -> `a==b`, `c`. */
function splitAtSingleEquals(text: string): string[] {
  const parts = [''];
  for (const [piece] of text.matchAll(/==|=|[^=]+/g)) {
    if (piece === '=') parts.push('');
    else parts.push(`${parts.pop() ?? ''}${piece}`);
  }
  return parts;
}
