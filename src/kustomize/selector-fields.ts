import type { FieldSpec } from './field-spec.ts';
import type { FieldSpecFields, SelectorFields } from './kustomization.ts';
import type { Selector } from './selector.ts';

/** A selector as a file has it, complete. */
export function selectorOf(fields: SelectorFields): Selector {
  return {
    group: fields.group ?? '',
    version: fields.version ?? '',
    kind: fields.kind ?? '',
    name: fields.name ?? '',
    namespace: fields.namespace ?? '',
    annotationSelector: fields.annotationSelector ?? '',
    labelSelector: fields.labelSelector ?? '',
    clusterScoped: false,
  };
}

/** A field spec as a file has it, complete. */
export function fieldSpecOf(fields: FieldSpecFields): FieldSpec {
  return {
    group: fields.group ?? '',
    version: fields.version ?? '',
    kind: fields.kind ?? '',
    path: fields.path ?? '',
    create: fields.create ?? false,
  };
}
