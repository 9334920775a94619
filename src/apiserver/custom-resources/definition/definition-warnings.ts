import type { JsonObject } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { objectIn, objectsIn, partOf } from '../../kinds/fields.ts';
import { checkedFormat } from '../schema/formats.ts';
import { childSchemas, readSchema, type Schema } from '../schema/schema.ts';

/** What a write of a definition warns of: formats that nothing checks, and sets that nothing can merge; each only once. */
export function definitionWarnings(object: KubeObject, old: KubeObject | undefined): string[] {
  const before = new Set(old === undefined ? [] : [...formatWarnings(old), ...setWarnings(old)]);
  return [...formatWarnings(object), ...setWarnings(object)].filter((warning) => !before.has(warning));
}

function formatWarnings(object: KubeObject): string[] {
  return schemasOf(object)
    .filter(({ type, format }) => format !== '' && checkedFormat(type, format) === '')
    .map(({ format }) => `unrecognized format ${JSON.stringify(format)}`);
}

function setWarnings(object: KubeObject): string[] {
  const found = schemasOf(object).flatMap(({ listType, items }) => {
    if (listType !== 'set' || (items?.type !== 'object' && items?.type !== 'array')) return [];
    return [
      `x-kubernetes-list-type: set for items of type ${JSON.stringify(items.type)} is not supported by server-side apply or CEL validation rules`,
    ];
  });
  return [...new Set(found)].sort();
}

/** All schemas of a definition with those inside them. What all versions share counts once. */
function schemasOf(object: KubeObject): Schema[] {
  const roots = objectsIn(partOf(object, 'spec'), 'versions').flatMap((version) => {
    const schema = objectIn(partOf(version, 'schema'), 'openAPIV3Schema');
    return schema === undefined ? [] : [schema as JsonObject];
  });
  const texts = new Map(roots.map((root) => [JSON.stringify(root), root]));
  return (texts.size === 1 ? [...texts.values()] : roots).flatMap((root) => withChildren(readSchema(root)));
}

function withChildren(schema: Schema): Schema[] {
  return [schema, ...childSchemas(schema).flatMap(withChildren)];
}
