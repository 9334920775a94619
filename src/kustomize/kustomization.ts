import type { JsonObject, JsonValue } from '../model/json-value.ts';
import { parseYaml } from '../model/yaml.ts';
import { decodeGoJson } from './go-json-decode.ts';
import { KUSTOMIZATION } from './kustomization-shape.ts';
import { KustomizeError, wrapError } from './kustomize-error.ts';

export interface GeneratorOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly disableNameSuffixHash?: boolean;
  readonly immutable?: boolean;
}

/** What a ConfigMap or a Secret is made of. */
export interface GeneratorArgs {
  readonly namespace?: string;
  readonly name?: string;
  readonly behavior?: string;
  readonly literals?: readonly string[];
  readonly files?: readonly string[];
  readonly envs?: readonly string[];
  readonly env?: string;
  readonly options?: GeneratorOptions;
  /** Of a Secret. */
  readonly type?: string;
}

export interface SelectorFields {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly annotationSelector?: string;
  readonly labelSelector?: string;
}

export interface FieldSpecFields {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly path?: string;
  readonly create?: boolean;
}

export interface PatchEntry {
  readonly path?: string;
  readonly patch?: string;
  readonly target?: SelectorFields;
  readonly options?: Readonly<Record<string, boolean>>;
}

export interface LabelEntry {
  readonly pairs?: Readonly<Record<string, string>>;
  readonly includeSelectors?: boolean;
  readonly includeTemplates?: boolean;
  readonly fields?: readonly FieldSpecFields[];
}

export interface ImageEntry {
  readonly name?: string;
  readonly newName?: string;
  readonly tagSuffix?: string;
  readonly newTag?: string;
  readonly digest?: string;
}

export interface ReplicaEntry {
  readonly name?: string;
  readonly count?: number;
}

export interface FieldOptions {
  readonly delimiter?: string;
  readonly index?: number;
  readonly encoding?: string;
  readonly create?: boolean;
}

export interface ReplacementSource extends SelectorFields {
  readonly fieldPath?: string;
  readonly options?: FieldOptions;
}

export interface ReplacementTarget {
  readonly select?: SelectorFields;
  readonly reject?: readonly SelectorFields[];
  readonly fieldPaths?: readonly string[];
  readonly options?: FieldOptions;
}

export interface ReplacementEntry {
  readonly path?: string;
  readonly source?: ReplacementSource;
  readonly sourceValue?: string;
  readonly targets?: readonly ReplacementTarget[];
}

export interface VarEntry {
  readonly name?: string;
  readonly objref?: SelectorFields & { readonly apiVersion?: string };
  readonly fieldref?: { readonly fieldPath?: string };
}

export interface SortOptions {
  readonly order?: string;
  readonly legacySortOptions?: { readonly orderFirst?: readonly string[]; readonly orderLast?: readonly string[] };
}

/** What a kustomization file says, by the file's own names. */
export interface Kustomization {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata?: JsonObject;
  readonly openapi?: Readonly<Record<string, string>>;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly namespace?: string;
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly labels?: readonly LabelEntry[];
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly patchesStrategicMerge?: readonly string[];
  readonly patchesJson6902?: readonly PatchEntry[];
  readonly patches?: readonly PatchEntry[];
  readonly images?: readonly ImageEntry[];
  readonly imageTags?: readonly ImageEntry[];
  readonly replacements?: readonly ReplacementEntry[];
  readonly replicas?: readonly ReplicaEntry[];
  readonly vars?: readonly VarEntry[];
  readonly sortOptions?: SortOptions;
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly crds?: readonly string[];
  readonly bases?: readonly string[];
  readonly configMapGenerator?: readonly GeneratorArgs[];
  readonly secretGenerator?: readonly GeneratorArgs[];
  readonly helmGlobals?: JsonValue;
  readonly helmCharts?: JsonValue[];
  readonly helmChartInflationGenerator?: JsonValue[];
  readonly generatorOptions?: GeneratorOptions;
  readonly configurations?: readonly string[];
  readonly generators?: readonly string[];
  readonly transformers?: readonly string[];
  readonly validators?: readonly string[];
  readonly buildMetadata?: readonly string[];
}

export const COMPONENT_KIND = 'Component';
const KUSTOMIZATION_KIND = 'Kustomization';
const API_VERSIONS: Readonly<Record<string, string>> = {
  [KUSTOMIZATION_KIND]: 'kustomize.config.k8s.io/v1beta1',
  [COMPONENT_KIND]: 'kustomize.config.k8s.io/v1alpha1',
};

/** Fields that are not to be used any more, and the ones to use, in the order in which they are told of. */
const DEPRECATED = [
  ['bases', 'resources', ''],
  ['commonLabels', 'labels', ''],
  ['imageTags', 'images', ''],
  ['patchesJson6902', 'patches', ''],
  ['patchesStrategicMerge', 'patches', ''],
  ['vars', 'replacements', '[EXPERIMENTAL] '],
] as const;

/**
 * Reads the text of a kustomization file that stands in `folder`, with old fields moved to their new places. `warn` gets a
 * line for each field that is deprecated. Throws KustomizeError.
 */
export function readKustomization(text: string, folder: string, warn: (line: string) => void): Kustomization {
  let read: JsonObject;
  try {
    read = decodeGoJson(parseYaml(text), KUSTOMIZATION);
  } catch (error) {
    throw wrapError(error, 'invalid Kustomization');
  }
  for (const [old, instead, mark] of DEPRECATED) {
    if (read[old] === undefined) continue;
    warn(
      `# Warning: '${old}' is deprecated. Please use '${instead}' instead. ${mark}Run 'kustomize edit fix' to update your Kustomization automatically.`,
    );
  }
  requireContent(read);
  return checked(moved(read), folder);
}

function requireContent(read: JsonObject): void {
  const names = Object.entries(read).filter(
    ([name, value]) => name !== 'kind' && name !== 'apiVersion' && value !== '',
  );
  if (names.length === 0) throw new KustomizeError('kustomization.yaml is empty');
}

function moved(read: Partial<Kustomization>): Kustomization {
  const kind = read.kind || KUSTOMIZATION_KIND;
  const apiVersion = read.apiVersion || API_VERSIONS[kind === COMPONENT_KIND ? kind : KUSTOMIZATION_KIND] || '';
  return {
    ...read,
    kind,
    apiVersion,
    resources: [...(read.resources ?? []), ...(read.bases ?? [])],
    images: [...(read.images ?? []), ...(read.imageTags ?? [])],
    configMapGenerator: (read.configMapGenerator ?? []).map(withEnvs),
    secretGenerator: (read.secretGenerator ?? []).map(withEnvs),
  };
}

function withEnvs(args: GeneratorArgs): GeneratorArgs {
  return args.env ? { ...args, envs: [...(args.envs ?? []), args.env] } : args;
}

function checked(kustomization: Kustomization, folder: string): Kustomization {
  const { kind, apiVersion } = kustomization;
  const errors: string[] = [];
  if (API_VERSIONS[kind] === undefined) errors.push(`kind should be ${KUSTOMIZATION_KIND} or ${COMPONENT_KIND}`);
  const required = API_VERSIONS[kind] ?? API_VERSIONS[KUSTOMIZATION_KIND] ?? '';
  if (apiVersion !== required) errors.push(`apiVersion for ${kind} should be ${required}`);
  if (errors.length === 0) return kustomization;
  throw new KustomizeError(`Failed to read kustomization file under ${folder}:\n${errors.join('\n')}`);
}
