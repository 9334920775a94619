import type { JsonValue } from '../model/json-value.ts';
import { printYaml } from '../model/yaml-printer.ts';
import { FileLoader, type LoadRestrictions } from './file-loader.ts';
import { errorText, KustomizeError } from './kustomize-error.ts';
import { goMapText } from './go-map-text.ts';
import type { KustomizeFiles } from './kustomize-files.ts';
import { KustomizeTarget } from './kustomize-target.ts';
import { metadataTransformer } from './metadata-transformer.ts';
import { removeOrigins } from './origin.ts';
import type { ResId } from './res-id.ts';
import { sortResources } from './sort-resources.ts';

export interface BuildOptions {
  readonly files: KustomizeFiles;
  /** Gets lines for standard error: of deprecated fields, and of what is left out. */
  readonly warn: (line: string) => void;
  readonly loadRestrictions?: LoadRestrictions;
  /** Whether every object gets the label that says that kustomize made it, as `buildMetadata: [managedByLabel]` does. */
  readonly managedByLabel?: boolean;
  /** How to order objects where the kustomization has no `sortOptions`: by kind and name unless it is 'none', as they came. */
  readonly reorder?: 'legacy' | 'none';
}

/** An object that a kustomization came to. */
export interface BuiltObject {
  readonly id: ResId;
  readonly value: JsonValue;
}

/** The version of kustomize that builds are the same as. */
export const KUSTOMIZE_VERSION = 'v5.7.1';

const SORTED_TWICE =
  "Warning: Sorting order is set both in 'kustomization.yaml' ('sortOptions') and in a CLI flag ('--reorder'). Using the kustomization file over the CLI flag.";

/**
 * Builds the kustomization of a folder as `kubectl kustomize` does, without the kustomize binary. Throws KustomizeError in
 * kustomize's words, and in kube-lite's own for remote sources, Helm charts and plugins, which it refuses.
 */
export function buildKustomization(folder: string, options: BuildOptions): BuiltObject[] {
  const loader = FileLoader.at(folder, options.files, options.loadRestrictions ?? 'rootOnly');
  const target = new KustomizeTarget(loader, { warn: options.warn, buildMetadata: [] });
  target.refuseUnsupported();
  const objects = target.make();
  const { buildMetadata = [], sortOptions } = target.kustomization;
  if (sortOptions !== undefined && options.reorder !== undefined) options.warn(SORTED_TWICE);
  sortResources(objects, sortOptions ?? { order: options.reorder === 'none' ? 'fifo' : 'legacy' });
  if (options.managedByLabel === true || buildMetadata.includes('managedByLabel')) {
    const spec = { group: '', version: '', kind: '', path: 'metadata/labels', create: true };
    const label = { 'app.kubernetes.io/managed-by': `kustomize-${KUSTOMIZE_VERSION}` };
    metadataTransformer('LabelTransformer', label, [spec]).transform(objects);
  }
  for (const resource of objects.resources) resource.removeNotes();
  removeOrigins(objects.resources, buildMetadata);
  return objects.resources.map((resource) => {
    try {
      return { id: resource.id, value: resource.toJson() };
    } catch (error) {
      const text = errorText(error);
      const value = text.startsWith('yaml: ') ? 'map[string]interface {}(nil)' : goMapText(resource.node);
      throw new KustomizeError(`${value}: ${text}`);
    }
  });
}

/** The objects as documents of one YAML text. */
export function builtText(objects: readonly BuiltObject[]): string {
  return objects.map(({ value }) => printYaml(value)).join('---\n');
}
