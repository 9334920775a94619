import { applyFieldSpec, type FieldSpec } from './field-spec.ts';
import type { ReplicaEntry } from './kustomization.ts';
import { KustomizeError } from './kustomize-error.ts';
import { setScalar } from './node-edit.ts';
import { gvkText, isSelected } from './res-id.ts';
import type { Transformer } from './transformer.ts';
import { INT_TAG, YamlNode } from './yaml-node.ts';

/** Sets the number of replicas of the workloads of a name. */
export function replicaTransformer({ name = '', count = 0 }: ReplicaEntry, specs: readonly FieldSpec[]): Transformer {
  return {
    kind: 'ReplicaCountTransformer',
    transform(objects) {
      let found = false;
      for (const spec of specs) {
        for (const { node } of objects.withAnyId((id) => id.name === name && isSelected(id, spec))) {
          found = true;
          applyFieldSpec(node, spec, {
            set: (field) => setScalar(field, YamlNode.scalar(String(count), INT_TAG)),
            createKind: 'scalar',
            createTag: INT_TAG,
          });
        }
      }
      if (found) return;
      throw new KustomizeError(
        `resource with name ${name} does not match a config with the following GVK [${specs.map(gvkText).join(' ')}]`,
      );
    },
  };
}
