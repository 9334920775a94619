import type { KubeObject } from '../model/kube-object.ts';
import {
  exactFieldValue,
  type FieldSelector,
  fieldSelectorMatches,
  parseFieldSelector,
} from '../model/selectors/field-selector.ts';
import { labelSelectorMatches, parseLabelSelector } from '../model/selectors/label-selector.ts';
import { badRequest } from '../model/status-errors.ts';
import { UserError } from '../model/user-error.ts';
import type { ResourceRequest } from './resource-request.ts';
import type { ServedResource } from './served-resource.ts';

/** Which objects of a collection a request means. */
export interface Selection {
  /** For ObjectStorage: a filter on stored objects, or the one name that is asked for. */
  readonly storageOptions: { filter?: (object: KubeObject) => boolean; name?: string };
}

/**
 * Reads labelSelector and fieldSelector, and the name of a watch on one object. Throws BadRequest in kube-apiserver's
 * words for what is no selector and for fields that objects of the kind cannot be selected by.
 */
export function selection({ served, request, info }: ResourceRequest): Selection {
  const labelText = request.query?.get('labelSelector') ?? '';
  const fieldText = request.query?.get('fieldSelector') ?? '';
  const labels = parsed(parseLabelSelector, labelText);
  const fields = parsed(parseFieldSelector, fieldText);
  for (const { field } of fields.requirements) checkField(served, field);
  const name = wantedName(fields, info.name);
  const direct = name !== undefined && (!served.info.namespaced || info.namespace !== '');
  const storageOptions: Selection['storageOptions'] = direct ? { name } : {};
  // A selector of the one name is answered by the storage itself.
  const others = fields.requirements.filter(({ field }) => !(direct && field === 'metadata.name'));
  const names = new Set(others.map(({ field }) => field));
  if (labels.requirements.length > 0 || labels.nothing === true || others.length > 0) {
    storageOptions.filter = (object) =>
      labelSelectorMatches(labels, object.metadata.labels ?? {}) &&
      (names.size === 0 || fieldSelectorMatches({ requirements: others }, fieldsOf(served, object, names)));
  }
  return { storageOptions };
}

function parsed<T>(parse: (text: string) => T, text: string): T {
  try {
    return parse(text);
  } catch (error) {
    throw error instanceof UserError ? badRequest(error.message) : error;
  }
}

/** The one name that can match: of the path, or of the selector. Throws BadRequest when the two differ. */
function wantedName(fields: FieldSelector, pathName: string): string | undefined {
  const selected = exactFieldValue(fields, 'metadata.name');
  if (pathName === '') return selected === '' ? undefined : selected;
  if (fields.requirements.length > 0 && selected !== pathName) {
    throw badRequest("fieldSelector metadata.name doesn't match requested name");
  }
  return pathName;
}

function checkField({ strategy }: ServedResource, field: string): void {
  if (field === 'metadata.name' || field === 'metadata.namespace') return;
  const own = strategy.selectableFields;
  if (own === undefined) {
    throw badRequest(
      `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
    );
  }
  if (!Object.hasOwn(own, field)) throw badRequest(`field label not supported: ${field}`);
}

function fieldsOf(served: ServedResource, stored: KubeObject, names: ReadonlySet<string>): Record<string, string> {
  const values: Record<string, string> = {};
  const object = served.fromStored(stored);
  for (const name of names) {
    if (name === 'metadata.name') values[name] = object.metadata.name ?? '';
    else if (name === 'metadata.namespace') values[name] = object.metadata.namespace ?? '';
    else values[name] = served.strategy.selectableFields?.[name]?.(object) ?? '';
  }
  return values;
}
