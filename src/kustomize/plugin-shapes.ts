import { BOOL, listOf, type Shape, STRING, struct, TEXT_MAP, TEXTS } from './go-json-decode.ts';
import {
  FIELD_SPEC,
  GENERATOR_ARGS,
  IMAGE,
  META,
  REPLACEMENT_FIELD,
  REPLICA,
  SELECTOR,
} from './kustomization-shape.ts';

const FIELD_SPECS: Shape = listOf(FIELD_SPEC);
const PATCH_FIELDS = {
  path: STRING,
  patch: STRING,
  target: SELECTOR,
  options: { kind: 'map', element: BOOL } as const,
};

/** What a file that configures a built-in step says, by the step's kind. */
export const PLUGIN_SHAPES: ReadonlyMap<string, Shape> = new Map(
  Object.entries({
    AnnotationsTransformer: { annotations: TEXT_MAP, fieldSpecs: FIELD_SPECS },
    LabelTransformer: { labels: TEXT_MAP, fieldSpecs: FIELD_SPECS },
    PrefixTransformer: { prefix: STRING, fieldSpecs: FIELD_SPECS },
    SuffixTransformer: { suffix: STRING, fieldSpecs: FIELD_SPECS },
    PrefixSuffixTransformer: { prefix: STRING, suffix: STRING, fieldSpecs: FIELD_SPECS },
    NamespaceTransformer: {
      metadata: META,
      fieldSpecs: FIELD_SPECS,
      unsetOnly: BOOL,
      setRoleBindingSubjects: STRING,
    },
    ImageTagTransformer: { imageTag: IMAGE, fieldSpecs: FIELD_SPECS },
    ReplicaCountTransformer: { replica: REPLICA, fieldSpecs: FIELD_SPECS },
    PatchTransformer: PATCH_FIELDS,
    PatchJson6902Transformer: { target: SELECTOR, path: STRING, jsonOp: STRING },
    PatchStrategicMergeTransformer: { paths: TEXTS, patches: STRING },
    ReplacementTransformer: { replacements: listOf(REPLACEMENT_FIELD) },
    HashTransformer: {},
    ConfigMapGenerator: { metadata: META, ...GENERATOR_ARGS },
    SecretGenerator: { metadata: META, ...GENERATOR_ARGS, type: STRING },
  }).map(([kind, fields]): [string, Shape] => [kind, struct(`builtins.${kind}Plugin`, fields)]),
);
