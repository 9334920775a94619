import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';

/** The kinds, as `Kind.group`, that the definitions among objects define. */
export function definedKinds(objects: Iterable<KubeObject>): ReadonlySet<string> {
  const kinds = new Set<string>();
  for (const object of objects) {
    if (object.kind !== 'CustomResourceDefinition') continue;
    const spec = object['spec'];
    const names = isJsonObject(spec) ? spec['names'] : undefined;
    const kind = isJsonObject(names) ? names['kind'] : undefined;
    const group = isJsonObject(spec) ? spec['group'] : undefined;
    if (typeof kind === 'string' && typeof group === 'string') kinds.add(`${kind}.${group}`);
  }
  return kinds;
}
