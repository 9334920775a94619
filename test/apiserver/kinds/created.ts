import { decodeTyped } from '../../../src/model/decode/decode-typed.ts';
import { strategyFor } from '../../../src/apiserver/kinds/strategy-for.ts';
import type { StrategyContext } from '../../../src/apiserver/strategy.ts';
import type { JsonObject } from '../../../src/model/json-value.ts';
import { fieldErrorText, type FieldError } from '../../../src/model/field-error.ts';
import { ADMINISTRATOR } from '../../../src/model/administrator.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { typeForKind } from '../../../src/model/schema/schema.ts';
import type { Strategy } from '../../../src/apiserver/strategy.ts';
import { builtInResources } from '../../../src/model/schema/built-in-resources.ts';

const NOW = new Date('2026-11-24T09:06:07Z');

/** A cluster of some objects, by resource. */
export function cluster(objects: Record<string, KubeObject[]> = {}): StrategyContext {
  return {
    user: ADMINISTRATOR,
    now: () => NOW,
    get: (resource, namespace, name) =>
      Promise.resolve(
        objects[resource]?.find((each) => each.metadata.name === name && (each.metadata.namespace ?? '') === namespace),
      ),
    list: (resource) => Promise.resolve(objects[resource] ?? []),
  };
}

/** An object as Go's types print it. */
export function asGo(object: KubeObject): KubeObject {
  const type = typeForKind(object.apiVersion, object.kind);
  if (type === undefined) throw new Error(`no type for ${object.apiVersion} ${object.kind}`);
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    ...decodeTyped(type, object as unknown as JsonObject).value,
  } as KubeObject;
}

export async function strategyOf({ apiVersion, kind }: { apiVersion: string; kind: string }): Promise<Strategy> {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const resource = builtInResources().find(
    (each) => each.group === group && each.version === version && each.kind === kind,
  );
  if (resource === undefined) throw new Error(`no resource for ${apiVersion} ${kind}`);
  return strategyFor(resource);
}

/** What a server makes of a new object up to its validation, in the order in which it does. */
export async function prepared(input: KubeObject, context = cluster()): Promise<KubeObject> {
  const strategy = await strategyOf(input);
  const object = asGo(structuredClone(input));
  strategy.defaults(object);
  object.metadata.uid ??= 'a-uid';
  strategy.prepareForCreate(object);
  await strategy.admit?.(object, undefined, context);
  return object;
}

/** What a server makes of an update up to its validation. */
export async function updated(input: KubeObject, old: KubeObject, context = cluster()): Promise<KubeObject> {
  const strategy = await strategyOf(input);
  const object = asGo(structuredClone(input));
  strategy.defaults(object);
  strategy.prepareForUpdate(object, old);
  await strategy.admit?.(object, old, context);
  return object;
}

export function texts(errors: readonly FieldError[]): string[] {
  return errors.map((error) => `${error.field}: ${fieldErrorText(error)}`);
}

/** What is wrong with a new object, each as `field: message`. */
export async function createErrors(input: KubeObject, context = cluster()): Promise<string[]> {
  const object = await prepared(input, context);
  return texts((await strategyOf(input)).validate(object));
}

/** What is wrong with an update. */
export async function updateErrors(input: KubeObject, old: KubeObject, context = cluster()): Promise<string[]> {
  const object = await updated(input, old, context);
  return texts((await strategyOf(input)).validateUpdate(object, old));
}
