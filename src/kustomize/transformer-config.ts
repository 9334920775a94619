import { type FieldSpec } from './field-spec.ts';
import { KustomizeError, wrapError } from './kustomize-error.ts';
import { type Gvk, isSelected, sameGvk } from './res-id.ts';

/** Which fields hold the name of an object of a kind. */
export interface NameReference extends Gvk {
  readonly fieldSpecs: readonly FieldSpec[];
}

/** The lists of field specs, by their names in a configuration file. */
export const FIELD_SPEC_LISTS = [
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'labels',
  'templateLabels',
  'commonAnnotations',
  'varReference',
  'images',
  'replicas',
] as const;

export type FieldSpecList = (typeof FIELD_SPEC_LISTS)[number];

/** Which fields the transformers of a kustomization look at. */
export type TransformerConfig = Readonly<Record<FieldSpecList, readonly FieldSpec[]>> & {
  readonly nameReference: readonly NameReference[];
};

/** How errors name a list, where it is not as in the file. */
const LIST_TITLES: Readonly<Record<FieldSpecList, string>> = {
  namePrefix: 'NamePrefix',
  nameSuffix: 'NameSuffix',
  namespace: 'NameSpace',
  commonAnnotations: 'CommonAnnotations',
  commonLabels: 'CommonLabels',
  labels: 'Labels',
  templateLabels: 'TemplateLabels',
  varReference: 'VarReference',
  images: 'Images',
  replicas: 'Replicas',
};

export function emptyConfig(): TransformerConfig {
  const lists = Object.fromEntries(FIELD_SPEC_LISTS.map((name) => [name, []]));
  return { ...(lists as unknown as Record<FieldSpecList, FieldSpec[]>), nameReference: [] };
}

/** Both configurations in one, sorted. Throws KustomizeError where they disagree on whether a field is made. */
export function mergeConfigs(left: TransformerConfig, right: TransformerConfig): TransformerConfig {
  const lists = FIELD_SPEC_LISTS.map((name): [FieldSpecList, FieldSpec[]] => {
    try {
      return [name, mergeFieldSpecs(left[name], right[name])];
    } catch (error) {
      throw wrapError(error, `failed to merge ${LIST_TITLES[name]} fieldSpec`);
    }
  });
  try {
    const nameReference = mergeReferences(left.nameReference, right.nameReference);
    return sortedConfig({
      ...(Object.fromEntries(lists) as Record<FieldSpecList, FieldSpec[]>),
      nameReference,
    });
  } catch (error) {
    throw wrapError(error, 'failed to merge NameReference fieldSpec');
  }
}

export function sortedConfig(config: TransformerConfig): TransformerConfig {
  const lists = FIELD_SPEC_LISTS.map((name) => [name, config[name].toSorted(compareKinds)] as const);
  return {
    ...(Object.fromEntries(lists) as Record<FieldSpecList, FieldSpec[]>),
    nameReference: config.nameReference.toSorted(compareKinds),
  };
}

/** The second list's specs behind those of the first that do not cover them. */
export function mergeFieldSpecs(specs: readonly FieldSpec[], added: readonly FieldSpec[]): FieldSpec[] {
  const merged = [...specs];
  const byPath = new Map<string, FieldSpec[]>();
  for (const spec of specs) addTo(byPath, spec);
  for (const spec of added) {
    const same = byPath.get(spec.path)?.find((each) => isSelected(each, spec));
    if (same === undefined) {
      merged.push(spec);
      addTo(byPath, spec);
    } else if (same.create !== spec.create) {
      throw new KustomizeError('conflicting fieldspecs');
    }
  }
  return merged;
}

function addTo(byPath: Map<string, FieldSpec[]>, spec: FieldSpec): void {
  const list = byPath.get(spec.path);
  if (list === undefined) byPath.set(spec.path, [spec]);
  else list.push(spec);
}

function mergeReferences(left: readonly NameReference[], right: readonly NameReference[]): NameReference[] {
  let merged = [...left];
  for (const reference of right) {
    if (!merged.some((each) => sameGvk(each, reference))) {
      merged.push(reference);
      continue;
    }
    merged = merged.map((each) =>
      sameGvk(each, reference) ? { ...each, fieldSpecs: mergeFieldSpecs(each.fieldSpecs, reference.fieldSpecs) } : each,
    );
  }
  return merged;
}

/** Kinds that others depend on, in the order in which they are to be made. */
export const FIRST_KINDS: readonly string[] = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
];
export const LAST_KINDS: readonly string[] = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

/** The place of each kind in an order: below zero first, above it last, others between them. */
export function kindRanks(first: readonly string[], last: readonly string[]): ReadonlyMap<string, number> {
  return new Map([
    ...first.map((kind, index): [string, number] => [kind, index - first.length]),
    ...last.map((kind, index): [string, number] => [kind, index + 1]),
  ]);
}

const RANKS = kindRanks(FIRST_KINDS, LAST_KINDS);

function compareKinds(left: Gvk, right: Gvk): number {
  const ranks = (RANKS.get(left.kind) ?? 0) - (RANKS.get(right.kind) ?? 0);
  if (ranks !== 0) return ranks;
  const [a, b] = [sortText(left), sortText(right)];
  return a < b ? -1 : Number(a > b);
}

/** What kustomize sorts kinds by. */
export function sortText({ group, version, kind }: Gvk): string {
  return `${group || '~G'}_${version || '~V'}_${kind || '~K'}`;
}
