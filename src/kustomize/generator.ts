import { isUtf8 } from 'node:buffer';
import { compareBytes } from '../model/byte-order.ts';
import type { FileLoader } from './file-loader.ts';
import { keyValues } from './key-values.ts';
import type { GeneratorArgs, GeneratorOptions } from './kustomization.ts';
import { KustomizeError } from './kustomize-error.ts';
import { ensureField, setField } from './node-edit.ts';
import { generatedResource, setImmutable } from './res-map.ts';
import type { Resource } from './resource.ts';
import { YamlNode } from './yaml-node.ts';

/** The ConfigMap or Secret that the arguments describe. Throws KustomizeError. */
export function generateResource(kind: 'ConfigMap' | 'Secret', args: GeneratorArgs, loader: FileLoader): Resource {
  const { options, behavior = '' } = args;
  const node = bareObject(kind, args);
  const pairs = keyValues(args, loader).sort(([left], [right]) => compareBytes(left, right));
  for (const [key, value] of pairs) {
    const isText = kind === 'ConfigMap' && isUtf8(value);
    const field = kind === 'ConfigMap' && !isText ? 'binaryData' : 'data';
    setField(ensureField(node, [field]), key, YamlNode.string(isText ? value.toString('utf8') : wrappedBase64(value)));
  }
  setMetadata(node, 'labels', options?.labels);
  setMetadata(node, 'annotations', options?.annotations);
  if (options?.immutable === true) setImmutable(node);
  return generatedResource(node, { behavior, disableNameSuffixHash: options?.disableNameSuffixHash ?? false });
}

function bareObject(kind: string, { name = '', namespace = '', type }: GeneratorArgs): YamlNode {
  const node = new YamlNode('mapping');
  setField(node, 'apiVersion', YamlNode.string('v1'));
  setField(node, 'kind', YamlNode.string(kind));
  if (name === '') throw new KustomizeError('a configmap must have a name');
  const metadata = ensureField(node, ['metadata']);
  setField(metadata, 'name', YamlNode.string(name));
  if (namespace !== '') setField(metadata, 'namespace', YamlNode.string(namespace));
  if (kind !== 'Secret') return node;
  setField(node, 'type', YamlNode.string(type || 'Opaque'));
  ensureField(node, ['data']);
  return node;
}

const LINE = 70;

/** Base64 as kustomize writes it: on lines of 70 characters, each with its end, when there is more than one. */
function wrappedBase64(value: Buffer): string {
  const text = value.toString('base64');
  return text.length < LINE ? text : text.replaceAll(/.{1,70}/g, '$&\n');
}

function setMetadata(node: YamlNode, field: string, values: Readonly<Record<string, string>> = {}): void {
  for (const [key, value] of Object.entries(values).sort(([left], [right]) => compareBytes(left, right))) {
    setField(ensureField(node, ['metadata', field]), key, YamlNode.scalar(value, '!!str', true));
  }
}

/** A generator's own options, completed by those for all generators. */
export function mergedOptions(
  own: GeneratorOptions | undefined,
  all: GeneratorOptions | undefined,
): GeneratorOptions | undefined {
  if (all === undefined) return own;
  return {
    labels: { ...all.labels, ...own?.labels },
    annotations: { ...all.annotations, ...own?.annotations },
    disableNameSuffixHash: own?.disableNameSuffixHash === true || all.disableNameSuffixHash === true,
    immutable: own?.immutable === true || all.immutable === true,
  };
}
