import type { JsonObject } from '../model/json-value.ts';
import type { FieldSpec } from './field-spec.ts';
import type { FileLoader } from './file-loader.ts';
import { generateResource } from './generator.ts';
import { decodeGoJson } from './go-json-decode.ts';
import { hashTransformer } from './hash-transformer.ts';
import { imageTransformer } from './image-transformer.ts';
import type {
  FieldSpecFields,
  GeneratorArgs,
  ImageEntry,
  PatchEntry,
  ReplacementEntry,
  ReplicaEntry,
} from './kustomization.ts';
import { KustomizeError, wrapError } from './kustomize-error.ts';
import { metadataTransformer } from './metadata-transformer.ts';
import { nameTransformer } from './name-transformer.ts';
import { namespaceTransformer, type SubjectMode } from './namespace-transformer.ts';
import { jsonPatchTransformer, patchTransformer, strategicMergeTransformer } from './patch-transformer.ts';
import { PLUGIN_SHAPES } from './plugin-shapes.ts';
import { replacementTransformer } from './replacement-transformer.ts';
import { replicaTransformer } from './replica-transformer.ts';
import type { Resource } from './resource.ts';
import { gvkText, idText } from './res-id.ts';
import { fieldSpecOf } from './selector-fields.ts';
import type { Transformer } from './transformer.ts';

/** A step that an object of `transformers` configures. Throws KustomizeError, for plugins that are not built in too. */
export function transformerOf(resource: Resource, loader: FileLoader): Transformer {
  const config = configOf(resource);
  if (isGenerator(resource.kind)) {
    throw new KustomizeError(`plugin ${idText(resource.originalId)} not a transformer`);
  }
  try {
    return builtIn(resource.kind, config, loader);
  } catch (error) {
    throw wrapError(error, `plugin ${idText(resource.originalId)} fails configuration`);
  }
}

/** The object that an object of `generators` asks for. Throws KustomizeError. */
export function generatorOf(resource: Resource, loader: FileLoader): () => Resource {
  const config = configOf(resource) as GeneratorArgs & { readonly metadata?: { name?: string; namespace?: string } };
  if (!isGenerator(resource.kind)) {
    throw new KustomizeError(`plugin ${idText(resource.originalId)} not a generator`);
  }
  const { name = '', namespace = '' } = config;
  const { metadata = {} } = config;
  const args = { ...config, name: name || (metadata.name ?? ''), namespace: namespace || (metadata.namespace ?? '') };
  return () => generateResource(resource.kind === 'Secret' + GENERATOR ? 'Secret' : 'ConfigMap', args, loader);
}

const GENERATOR = 'Generator';
/** Built-in plugins of kustomize that need Helm, or that hardly anyone uses. */
const NOT_BUILT: readonly string[] = ['HelmChartInflationGenerator', 'IAMPolicyGenerator', 'ValueAddTransformer'];

function isGenerator(kind: string): boolean {
  return kind.endsWith(GENERATOR);
}

function configOf(resource: Resource): JsonObject {
  const { group, version, kind } = resource.gvk;
  if (group !== '' || version !== 'builtin') {
    throw new KustomizeError(`external plugins disabled; unable to load external plugin '${kind}'`);
  }
  if (NOT_BUILT.includes(kind)) throw new KustomizeError(`kube-lite does not have kustomize's ${kind}`);
  const shape = PLUGIN_SHAPES.get(kind);
  if (shape === undefined) throw new KustomizeError(`unable to load builtin ${gvkText(resource.gvk)}`);
  try {
    return decodeGoJson(resource.toJson(), shape, false);
  } catch (error) {
    const id = idText(resource.originalId);
    throw wrapError(error, `plugin ${id} fails configuration: error unmarshaling JSON: while decoding JSON`);
  }
}

/** What the steps' configurations have, by the names of their files. */
interface StepConfig extends PatchEntry {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly fieldSpecs?: readonly FieldSpecFields[];
  readonly imageTag?: ImageEntry;
  readonly replica?: ReplicaEntry;
  readonly jsonOp?: string;
  readonly paths?: readonly string[];
  readonly patches?: string;
  readonly replacements?: readonly ReplacementEntry[];
}

function builtIn(kind: string, read: JsonObject, loader: FileLoader): Transformer {
  const config: StepConfig = read;
  const specs = (config.fieldSpecs ?? []).map(fieldSpecOf);
  switch (kind) {
    case 'AnnotationsTransformer':
    case 'LabelTransformer':
      return metadataTransformer(kind, config.annotations ?? config.labels ?? {}, specs);
    case 'NamespaceTransformer':
      return namespaces(read, specs);
    case 'ImageTagTransformer':
      return imageTransformer(config.imageTag ?? {}, specs);
    case 'ReplicaCountTransformer':
      return replicaTransformer(config.replica ?? {}, specs);
    case 'HashTransformer':
      return hashTransformer;
    case 'ReplacementTransformer':
      return replacementTransformer(config.replacements ?? [], loader);
    default:
      return kind.startsWith('Patch') ? patches(kind, config, loader) : names(kind, config, specs);
  }
}

function patches(kind: string, config: StepConfig, loader: FileLoader): Transformer {
  if (kind === 'PatchTransformer') return patchTransformer(config, loader);
  if (kind === 'PatchJson6902Transformer') {
    const { target, path, jsonOp } = config;
    return jsonPatchTransformer(
      { ...(target && { target }), ...(path && { path }), ...(jsonOp && { patch: jsonOp }) },
      loader,
    );
  }
  const { paths = [], patches: text = '' } = config;
  if (paths.length === 0 && text === '') throw new KustomizeError('empty file path and empty patch content');
  return strategicMergeTransformer([...paths, ...(text === '' ? [] : [text])], loader);
}

function names(
  kind: string,
  { prefix = '', suffix = '', fieldSpecs }: StepConfig,
  specs: readonly FieldSpec[],
): Transformer {
  if (fieldSpecs === undefined) throw new KustomizeError('fieldSpecs is not expected to be nil');
  const steps = [nameTransformer('prefix', prefix, specs), nameTransformer('suffix', suffix, specs)];
  const wanted = steps.filter((step) => kind === 'PrefixSuffixTransformer' || step.kind === kind);
  return {
    kind,
    transform(objects) {
      for (const step of wanted) step.transform(objects);
    },
  };
}

const SUBJECT_MODES: readonly string[] = ['defaultOnly', 'none', 'allServiceAccounts'] satisfies SubjectMode[];

function namespaces(read: JsonObject, specs: readonly FieldSpec[]): Transformer {
  const config = read as { metadata?: { namespace?: string }; unsetOnly?: boolean; setRoleBindingSubjects?: string };
  const mode = config.setRoleBindingSubjects || 'defaultOnly';
  if (!SUBJECT_MODES.includes(mode)) {
    throw new KustomizeError(
      `invalid value "${mode}" for setRoleBindingSubjects: must be one of "defaultOnly", "none" or "allServiceAccounts"`,
    );
  }
  const namespace = config.metadata?.namespace ?? '';
  if (namespace === '') return { kind: 'NamespaceTransformer', transform() {} };
  return namespaceTransformer({
    namespace,
    specs,
    subjects: mode as SubjectMode,
    unsetOnly: config.unsetOnly === true,
  });
}
