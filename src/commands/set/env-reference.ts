import type { KubeObject } from '../../model/kube-object.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json-value.ts';
import { qualifiedNameMessages } from '../../model/names.ts';
import { parseQuantity, quantityValue } from '../../model/quantity.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';

/** Where a variable's value comes from, in words: `configmap settings, key COLOR`. */
export function referenceText(valueFrom: JsonObject): string {
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
  if (isJsonObject(configMapKeyRef)) {
    return `configmap ${text(configMapKeyRef['name'])}, key ${text(configMapKeyRef['key'])}`;
  }
  if (isJsonObject(secretKeyRef)) return `secret ${text(secretKeyRef['name'])}, key ${text(secretKeyRef['key'])}`;
  if (isJsonObject(fieldRef)) return `field path ${text(fieldRef['fieldPath'])}`;
  if (!isJsonObject(resourceFieldRef)) return 'invalid valueFrom';
  const container = text(resourceFieldRef['containerName']);
  return `resource field ${container === '' ? '' : `${container}/`}${text(resourceFieldRef['resource'])}`;
}

/** Finds the values that references mean; each ConfigMap and Secret is asked for once. */
export class ReferencedValues {
  readonly #context: Context;
  readonly #namespace: string;
  readonly #objects = new Map<string, KubeObject>();

  constructor(namespace: string, context: Context) {
    this.#context = context;
    this.#namespace = namespace;
  }

  /** The value; throws UserError, or what the server answers, where there is none. */
  async valueOf(valueFrom: JsonObject, object: KubeObject, container: JsonObject): Promise<string> {
    const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
    if (isJsonObject(secretKeyRef)) {
      const value = await this.#keyOf('Secret', secretKeyRef, 'secret');
      return Buffer.from(value, 'base64').toString('utf8');
    }
    if (isJsonObject(configMapKeyRef)) return this.#keyOf('ConfigMap', configMapKeyRef, 'config map');
    if (isJsonObject(fieldRef)) return fieldValue(text(fieldRef['fieldPath']), object);
    if (isJsonObject(resourceFieldRef)) return resourceValue(resourceFieldRef, container);
    throw new UserError('invalid valueFrom');
  }

  /** The data of a ConfigMap or Secret. */
  async dataOf(kind: 'ConfigMap' | 'Secret', name: string): Promise<JsonObject> {
    const id = `${kind}/${name}`;
    let found = this.#objects.get(id);
    if (found === undefined) {
      const client = await this.#context.client();
      const resource = await client.mapper.resourceForKind('v1', kind);
      if (resource === undefined) throw new UserError(`no matches for kind ${JSON.stringify(kind)} in version "v1"`);
      found = await client.get({ resource, namespace: this.#namespace }, name, { signal: this.#context.signal });
      this.#objects.set(id, found);
    }
    return isJsonObject(found['data']) ? found['data'] : {};
  }

  async #keyOf(kind: 'ConfigMap' | 'Secret', reference: JsonObject, word: string): Promise<string> {
    const name = text(reference['name']);
    const key = text(reference['key']);
    const data = await this.dataOf(kind, name);
    if (!Object.hasOwn(data, key)) throw new UserError(`key ${key} not found in ${word} ${name}`);
    return text(data[key]);
  }
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function fieldValue(path: string, { metadata }: KubeObject): string {
  const [, field, subscript] = /^(.+?)\['(.*)'\]$/s.exec(path) ?? [];
  if (field !== undefined && subscript !== undefined) return subscriptedValue(path, field, subscript, metadata);
  switch (path) {
    case 'metadata.annotations':
      return mapText(metadata.annotations ?? {});
    case 'metadata.labels':
      return mapText(metadata.labels ?? {});
    case 'metadata.name':
      return metadata.name ?? '';
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid ?? '';
    default:
      throw new UserError(`unsupported fieldPath: ${path}`);
  }
}

function subscriptedValue(path: string, field: string, subscript: string, metadata: KubeObject['metadata']): string {
  if (field !== 'metadata.annotations' && field !== 'metadata.labels') {
    throw new UserError(`fieldPath ${JSON.stringify(path)} does not support subscript`);
  }
  const annotations = field === 'metadata.annotations';
  const messages = qualifiedNameMessages(annotations ? subscript.toLowerCase() : subscript);
  if (messages.length > 0) throw new UserError(`invalid key subscript in ${path}: ${messages.join(';')}`);
  const map = (annotations ? metadata.annotations : metadata.labels) ?? {};
  return Object.hasOwn(map, subscript) ? (map[subscript] ?? '') : '';
}

function mapText(map: Readonly<Record<string, string>>): string {
  const keys = Object.keys(map).sort();
  return keys.map((key) => `${key}=${JSON.stringify(map[key])}`).join('\n');
}

/** What a container may or wants to use, in units of the divisor, rounded up. */
function resourceValue(reference: JsonObject, container: JsonObject): string {
  const name = text(reference['resource']);
  const [, kind, resource] = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.*)$/.exec(name) ?? [];
  if (kind === undefined || resource === undefined) throw new UserError(`Unsupported container resource : ${name}`);
  const resources = isJsonObject(container['resources']) ? container['resources'] : {};
  const amounts = isJsonObject(resources[kind]) ? resources[kind] : {};
  // A thousandth of a core is the smallest part that a divisor can name.
  const scale = resource === 'cpu' ? -3 : 0;
  const amount = quantityValue(parseQuantity(text(amounts[resource]) || '0'), scale);
  const divisor = quantityValue(parseQuantity(divisorText(reference['divisor'])), scale);
  return String((amount + divisor - 1n) / divisor);
}

function divisorText(divisor: JsonValue | undefined): string {
  const given = text(divisor);
  return given === '' || given === '0' ? '1' : given;
}
