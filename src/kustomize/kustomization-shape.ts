import { BOOL, listOf, type Shape, STRING, struct, TEXT_MAP, TEXTS } from './go-json-decode.ts';

const INT: Shape = { kind: 'int' };
const ANY: Shape = { kind: 'any' };

/** types.ObjectMeta. */
export const META: Shape = struct('types.ObjectMeta', {
  name: STRING,
  namespace: STRING,
  labels: TEXT_MAP,
  annotations: TEXT_MAP,
});
const RES_ID = {
  'ResId.Gvk.group': STRING,
  'ResId.Gvk.version': STRING,
  'ResId.Gvk.kind': STRING,
  'ResId.name': STRING,
  'ResId.namespace': STRING,
};
/** types.Selector: which objects. */
export const SELECTOR: Shape = struct('types.Selector', {
  ...RES_ID,
  annotationSelector: STRING,
  labelSelector: STRING,
});

/** types.FieldSpec: which field of which kinds. */
export const FIELD_SPEC: Shape = struct('types.FieldSpec', {
  'Gvk.group': STRING,
  'Gvk.version': STRING,
  'Gvk.kind': STRING,
  path: STRING,
  create: BOOL,
});

const FIELD_OPTIONS: Shape = struct('types.FieldOptions', {
  delimiter: STRING,
  index: INT,
  encoding: STRING,
  create: BOOL,
});
const SOURCE: Shape = struct('types.SourceSelector', { ...RES_ID, fieldPath: STRING, options: FIELD_OPTIONS });
const TARGET: Shape = struct('types.TargetSelector', {
  select: SELECTOR,
  reject: listOf(SELECTOR),
  fieldPaths: TEXTS,
  options: FIELD_OPTIONS,
});

/** types.Replacement, as it also stands in a file of its own. */
export const REPLACEMENT: Shape = struct('types.Replacement', {
  source: SOURCE,
  targets: listOf(TARGET),
  sourceValue: STRING,
});
/** An entry of `replacements`. */
export const REPLACEMENT_FIELD: Shape = struct('types.ReplacementField', {
  'Replacement.source': SOURCE,
  'Replacement.targets': listOf(TARGET),
  'Replacement.sourceValue': STRING,
  path: STRING,
});

const PATCH: Shape = struct('types.Patch', {
  path: STRING,
  patch: STRING,
  target: SELECTOR,
  options: { kind: 'map', element: BOOL },
});
const LABEL: Shape = struct('types.Label', {
  pairs: TEXT_MAP,
  includeSelectors: BOOL,
  includeTemplates: BOOL,
  fields: listOf(FIELD_SPEC),
});
/** types.Image. */
export const IMAGE: Shape = struct('types.Image', {
  name: STRING,
  newName: STRING,
  tagSuffix: STRING,
  newTag: STRING,
  digest: STRING,
});
/** types.Replica. */
export const REPLICA: Shape = struct('types.Replica', { name: STRING, count: { kind: 'int64' } });
const VAR: Shape = struct('types.Var', {
  name: STRING,
  objref: struct('types.Target', {
    apiVersion: STRING,
    'Gvk.group': STRING,
    'Gvk.version': STRING,
    'Gvk.kind': STRING,
    name: STRING,
    namespace: STRING,
  }),
  fieldref: struct('types.FieldSelector', { fieldPath: STRING }),
});
const GENERATOR_OPTIONS: Shape = struct('types.GeneratorOptions', {
  labels: TEXT_MAP,
  annotations: TEXT_MAP,
  disableNameSuffixHash: BOOL,
  immutable: BOOL,
});
/** The fields of types.GeneratorArgs. */
export const GENERATOR_ARGS = {
  'GeneratorArgs.namespace': STRING,
  'GeneratorArgs.name': STRING,
  'GeneratorArgs.behavior': STRING,
  'GeneratorArgs.KvPairSources.literals': TEXTS,
  'GeneratorArgs.KvPairSources.files': TEXTS,
  'GeneratorArgs.KvPairSources.envs': TEXTS,
  'GeneratorArgs.KvPairSources.env': STRING,
  'GeneratorArgs.options': GENERATOR_OPTIONS,
};
const SORT_OPTIONS: Shape = struct('types.SortOptions', {
  order: STRING,
  legacySortOptions: struct('types.LegacySortOptions', { orderFirst: TEXTS, orderLast: TEXTS }),
});

/** types.Kustomization. Helm's fields are not looked into: they are refused. */
export const KUSTOMIZATION: Shape = struct('types.Kustomization', {
  'TypeMeta.kind': STRING,
  'TypeMeta.apiVersion': STRING,
  metadata: META,
  openapi: TEXT_MAP,
  namePrefix: STRING,
  nameSuffix: STRING,
  namespace: STRING,
  commonLabels: TEXT_MAP,
  labels: listOf(LABEL),
  commonAnnotations: TEXT_MAP,
  patchesStrategicMerge: listOf(STRING),
  patchesJson6902: listOf(PATCH),
  patches: listOf(PATCH),
  images: listOf(IMAGE),
  imageTags: listOf(IMAGE),
  replacements: listOf(REPLACEMENT_FIELD),
  replicas: listOf(REPLICA),
  vars: listOf(VAR),
  sortOptions: SORT_OPTIONS,
  resources: TEXTS,
  components: TEXTS,
  crds: TEXTS,
  bases: TEXTS,
  configMapGenerator: listOf(struct('types.ConfigMapArgs', GENERATOR_ARGS)),
  secretGenerator: listOf(struct('types.SecretArgs', { ...GENERATOR_ARGS, type: STRING })),
  helmGlobals: ANY,
  helmCharts: listOf(ANY),
  helmChartInflationGenerator: listOf(ANY),
  generatorOptions: GENERATOR_OPTIONS,
  configurations: TEXTS,
  generators: TEXTS,
  transformers: TEXTS,
  validators: TEXTS,
  buildMetadata: TEXTS,
});

const FIELD_SPECS = listOf(FIELD_SPEC);

/** builtinconfig.TransformerConfig: a file of `configurations`. */
export const TRANSFORMER_CONFIG: Shape = struct('builtinconfig.TransformerConfig', {
  namePrefix: FIELD_SPECS,
  nameSuffix: FIELD_SPECS,
  namespace: FIELD_SPECS,
  commonLabels: FIELD_SPECS,
  labels: FIELD_SPECS,
  templateLabels: FIELD_SPECS,
  commonAnnotations: FIELD_SPECS,
  nameReference: listOf(
    struct('builtinconfig.NameBackReferences', {
      'Gvk.group': STRING,
      'Gvk.version': STRING,
      'Gvk.kind': STRING,
      fieldSpecs: FIELD_SPECS,
    }),
  ),
  varReference: FIELD_SPECS,
  images: FIELD_SPECS,
  replicas: FIELD_SPECS,
});
