import { compareBytes } from '../model/byte-order.ts';
import { applyFieldSpec, type FieldSpec } from './field-spec.ts';
import { setField } from './node-edit.ts';
import type { Transformer } from './transformer.ts';
import { STRING_TAG, YamlNode } from './yaml-node.ts';

/** Sets labels, or annotations, wherever the field specs say. */
export function metadataTransformer(
  kind: 'LabelTransformer' | 'AnnotationsTransformer',
  values: Readonly<Record<string, string>>,
  specs: readonly FieldSpec[],
): Transformer {
  const entries = Object.entries(values).sort(([left], [right]) => compareBytes(left, right));
  return {
    kind,
    transform({ resources }) {
      for (const { node } of resources) {
        for (const [key, value] of entries) {
          // One node for all places, as in kyaml: a later change of one of them is a change of all.
          const shared = YamlNode.scalar(value, STRING_TAG);
          for (const spec of specs) {
            applyFieldSpec(node, spec, {
              set: (field) => setField(field, key, shared),
              createKind: 'mapping',
              createTag: '!!map',
            });
          }
        }
      }
    },
  };
}
