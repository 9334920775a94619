import { compactJson } from '../model/json-printer.ts';
import { safeHash } from '../model/object-hash.ts';
import type { JsonValue } from '../model/json-value.ts';
import { nodeToJson } from './node-json.ts';
import type { Resource } from './resource.ts';
import type { Transformer } from './transformer.ts';

/** Puts a hash of their content behind the names of generated objects. */
export const hashTransformer: Transformer = {
  kind: 'HashTransformer',
  transform({ resources }) {
    for (const resource of resources) {
      if (!resource.isNoted('needsHash')) continue;
      const hash = contentHash(resource);
      resource.storePreviousId();
      resource.setName(`${resource.name}-${hash}`);
    }
  },
};

/** kustomize hashes less than `kubectl create --append-hash` does: the name is always empty, `immutable` is left out. */
function contentHash({ kind, node }: Resource): string {
  const value = (name: string): JsonValue => {
    const field = node.field(name);
    if (field === undefined) return '';
    return field.kind === 'scalar' ? field.value : nodeToJson(field);
  };
  const optional = (name: string): Record<string, JsonValue> =>
    node.field(name)?.kind === 'mapping' ? { [name]: value(name) } : {};
  const hashed =
    kind === 'Secret'
      ? { kind, name: '', type: value('type'), data: value('data'), ...optional('stringData') }
      : { kind, name: '', data: value('data'), ...optional('binaryData') };
  return safeHash(compactJson(hashed, { sortKeys: true }));
}
