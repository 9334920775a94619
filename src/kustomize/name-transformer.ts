import { applyFieldSpec, type FieldSpec } from './field-spec.ts';
import { setScalar } from './node-edit.ts';
import { type Gvk, isSelected } from './res-id.ts';
import type { Transformer } from './transformer.ts';
import { YamlNode } from './yaml-node.ts';

/** Kinds whose name is never changed. */
const SKIPPED: readonly Gvk[] = [
  { group: '', version: '', kind: 'CustomResourceDefinition' },
  { group: 'apiregistration.k8s.io', version: '', kind: 'APIService' },
  { group: '', version: '', kind: 'Namespace' },
];

/** Puts a prefix before names, or a suffix behind them. */
export function nameTransformer(side: 'prefix' | 'suffix', text: string, specs: readonly FieldSpec[]): Transformer {
  return {
    kind: side === 'prefix' ? 'PrefixTransformer' : 'SuffixTransformer',
    transform({ resources }) {
      for (const resource of resources) {
        const id = resource.originalId;
        if (SKIPPED.some((gvk) => isSelected(id, gvk))) continue;
        for (const spec of specs) {
          if (!isSelected(id, spec)) continue;
          if (spec.path === 'metadata/name') {
            resource.addNote(side === 'prefix' ? 'prefixes' : 'suffixes', text);
            if (text !== '') resource.storePreviousId();
          }
          applyFieldSpec(resource.node, spec, {
            set: (field) =>
              setScalar(field, YamlNode.scalar(side === 'prefix' ? text + field.value : field.value + text)),
            createKind: 'scalar',
            createTag: '!!str',
          });
        }
      }
    },
  };
}
