import { applyFieldSpec, type FieldSpec } from './field-spec.ts';
import { goRegexp } from './go-regexp.ts';
import type { ImageEntry } from './kustomization.ts';
import { getField, requireKind, setScalar } from './node-edit.ts';
import type { Transformer } from './transformer.ts';
import { YamlNode } from './yaml-node.ts';

const CONTAINER_LISTS: readonly string[] = ['containers', 'initContainers'];

/** Gives images another name, tag or digest: in every list of containers, and where the field specs say. */
export function imageTransformer(image: ImageEntry, specs: readonly FieldSpec[]): Transformer {
  const pattern = goRegexp(`^${image.name ?? ''}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`);
  const set = (field: YamlNode): void => {
    requireKind(field, 'scalar');
    if (pattern.test(field.value)) setScalar(field, YamlNode.scalar(changedImage(field.value, image)));
  };
  return {
    kind: 'ImageTagTransformer',
    transform({ resources }) {
      for (const { node, kind } of resources) {
        if (kind !== 'CustomResourceDefinition') changeContainers(node, set);
      }
      for (const { node, kind } of resources) {
        if (kind === 'CustomResourceDefinition') continue;
        for (const spec of specs) applyFieldSpec(node, spec, { set });
      }
    },
  };
}

function changeContainers(node: YamlNode, set: (field: YamlNode) => void): void {
  for (const item of node.items) changeContainers(item, set);
  for (const { key, value } of node.fields) {
    changeContainers(value, set);
    if (!CONTAINER_LISTS.includes(key) || value.kind !== 'sequence') continue;
    for (const item of value.items) {
      const field = getField(item, 'image');
      if (field !== undefined) set(field);
    }
  }
}

function changedImage(value: string, image: ImageEntry): string {
  let { name, tag, digest } = splitImage(value);
  if (image.newName) name = image.newName;
  if (image.newTag || image.digest) {
    tag = image.newTag ?? '';
    digest = image.digest ?? '';
  } else if (image.tagSuffix) {
    tag += image.tagSuffix;
    digest = '';
  }
  return name + (tag === '' ? '' : `:${tag}`) + (digest === '' ? '' : `@${digest}`);
}

/** The parts of an image's name; a colon before the first slash belongs to the registry's address. */
export function splitImage(image: string): { name: string; tag: string; digest: string } {
  const slash = Math.max(image.indexOf('/'), 0);
  const rest = image.slice(slash);
  const at = rest.indexOf('@');
  const colon = rest.indexOf(':');
  if (at >= 0 && (colon < 0 || at < colon)) {
    return { name: image.slice(0, slash + at), tag: '', digest: rest.slice(at + 1) };
  }
  if (colon < 0) return { name: image, tag: '', digest: '' };
  return {
    name: image.slice(0, slash + colon),
    tag: rest.slice(colon + 1, at < 0 ? undefined : at),
    digest: at < 0 ? '' : rest.slice(at + 1),
  };
}
