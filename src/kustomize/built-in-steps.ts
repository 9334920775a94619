import type { FileLoader } from './file-loader.ts';
import { imageTransformer } from './image-transformer.ts';
import type { Kustomization, LabelEntry } from './kustomization.ts';
import { wrapError } from './kustomize-error.ts';
import { metadataTransformer } from './metadata-transformer.ts';
import { nameTransformer } from './name-transformer.ts';
import { namespaceTransformer } from './namespace-transformer.ts';
import { jsonPatchTransformer, patchTransformer, strategicMergeTransformer } from './patch-transformer.ts';
import { configured } from './plugin-config.ts';
import { replacementTransformer } from './replacement-transformer.ts';
import { replicaTransformer } from './replica-transformer.ts';
import { fieldSpecOf } from './selector-fields.ts';
import { mergeFieldSpecs, type TransformerConfig } from './transformer-config.ts';
import type { Transformer } from './transformer.ts';
import type { FieldSpec } from './field-spec.ts';

/** The steps that a kustomization's fields ask for, in kustomize's order. What they read from files is read here. */
export function builtInSteps(
  kustomization: Kustomization,
  config: TransformerConfig,
  loader: FileLoader,
): Transformer[] {
  return [
    ...strategicMerges(kustomization.patchesStrategicMerge ?? [], loader),
    ...(kustomization.patches ?? []).map((entry) =>
      configured('PatchTransformer', entry, () => patchTransformer(entry, loader)),
    ),
    ...metadataSteps(kustomization, config),
    ...(kustomization.patchesJson6902 ?? []).map((entry) =>
      configured('PatchJson6902Transformer', { target: entry.target, path: entry.path, jsonOp: entry.patch }, () =>
        jsonPatchTransformer(entry, loader),
      ),
    ),
    ...(kustomization.replicas ?? []).map((entry) => replicaTransformer(entry, config.replicas)),
    ...(kustomization.images ?? []).map((entry) => imageTransformer(entry, config.images)),
    ...replacements(kustomization, loader),
  ];
}

function strategicMerges(paths: readonly string[], loader: FileLoader): Transformer[] {
  if (paths.length === 0) return [];
  return [configured('PatchStrategicMergeTransformer', { paths }, () => strategicMergeTransformer(paths, loader))];
}

function metadataSteps(kustomization: Kustomization, config: TransformerConfig): Transformer[] {
  const { namespace, namePrefix, nameSuffix, labels = [], commonLabels = {}, commonAnnotations = {} } = kustomization;
  const steps: Transformer[] = [];
  if (namespace) steps.push(namespaceTransformer({ namespace, specs: config.namespace }));
  if (namePrefix) steps.push(nameTransformer('prefix', namePrefix, config.namePrefix));
  if (nameSuffix) steps.push(nameTransformer('suffix', nameSuffix, config.nameSuffix));
  if (labels.length > 0 || Object.keys(commonLabels).length > 0) {
    for (const entry of labels) {
      steps.push(metadataTransformer('LabelTransformer', entry.pairs ?? {}, labelSpecs(entry, config)));
    }
    // Without common labels it changes nothing, but kustomize counts it as a step.
    steps.push(metadataTransformer('LabelTransformer', commonLabels, config.commonLabels));
  }
  if (Object.keys(commonAnnotations).length > 0) {
    steps.push(metadataTransformer('AnnotationsTransformer', commonAnnotations, config.commonAnnotations));
  }
  return steps;
}

const METADATA_LABELS: FieldSpec = { group: '', version: '', kind: '', path: 'metadata/labels', create: true };

function labelSpecs(entry: LabelEntry, config: TransformerConfig): FieldSpec[] {
  try {
    const specs = mergeFieldSpecs((entry.fields ?? []).map(fieldSpecOf), config.labels);
    if (entry.includeSelectors === true) return mergeFieldSpecs(specs, config.commonLabels);
    const templates = entry.includeTemplates === true ? withTemplates(specs, config) : specs;
    return mergeFieldSpecs(templates, [METADATA_LABELS]);
  } catch (error) {
    throw wrapError(error, 'failed to merge labels');
  }
}

function withTemplates(specs: FieldSpec[], config: TransformerConfig): FieldSpec[] {
  try {
    return mergeFieldSpecs(specs, config.templateLabels);
  } catch (error) {
    throw wrapError(error, 'failed to merge template fieldSpec');
  }
}

function replacements({ replacements: entries = [] }: Kustomization, loader: FileLoader): Transformer[] {
  if (entries.length === 0) return [];
  return [
    configured('ReplacementTransformer', { Replacements: entries }, () => replacementTransformer(entries, loader)),
  ];
}
