import { type FieldError, invalidValue } from '../../../model/field-error.ts';
import { goText, goTypeName } from '../../../model/go-text.ts';
import { isJsonObject, type JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { ScalePaths } from '../../served-resource.ts';

const GREATEST = 2 ** 31 - 1;

/** A field at a simple path (`.spec.replicas`), or why there can be none. */
export type FieldAt = { readonly value: JsonValue | undefined } | { readonly problem: string };

/** What stands at a simple path; a part of it that is no object is a problem (unstructured.NestedFieldNoCopy). */
export function fieldAt(object: KubeObject, path: string): FieldAt {
  let value: JsonValue | undefined = object as unknown as JsonValue;
  const fields = fieldsOf(path);
  for (const [index, field] of fields.entries()) {
    if (!isJsonObject(value)) {
      if (value === undefined || value === null) return { value: undefined };
      const where = `.${fields.slice(0, index).join('.')}`;
      return { problem: accessorProblem(where, value, 'map[string]interface {}') };
    }
    value = value[field];
    if (value === undefined) return { value: undefined };
  }
  return { value };
}

export function fieldsOf(path: string): string[] {
  return path.replace(/^\./, '').split('.');
}

function accessorProblem(where: string, value: JsonValue, expected: string): string {
  return `${where} accessor error: ${goText(value)} is of the type ${goTypeName(value)}, expected ${expected}`;
}

/** What is wrong with the replicas that a scale subresource asks for. */
export function scaleSpecErrors(object: KubeObject, scale: ScalePaths | undefined): FieldError[] {
  return scale === undefined ? [] : replicasErrors(object, scale.specReplicasPath);
}

/** What is wrong with the replicas and the selector that a scale subresource reports. */
export function scaleStatusErrors(object: KubeObject, scale: ScalePaths | undefined): FieldError[] {
  if (scale === undefined) return [];
  const errors = replicasErrors(object, scale.statusReplicasPath);
  const { labelSelectorPath } = scale;
  if (labelSelectorPath === '') return errors;
  const found = fieldAt(object, labelSelectorPath);
  const problem = 'problem' in found ? found.problem : wrongText(labelSelectorPath, found.value);
  return problem === undefined ? errors : [...errors, invalidValue(labelSelectorPath, '', problem)];
}

function wrongText(path: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return undefined;
  return accessorProblem(`.${fieldsOf(path).join('.')}`, value, 'string');
}

function replicasErrors(object: KubeObject, path: string): FieldError[] {
  const found = fieldAt(object, path);
  if ('problem' in found) return [invalidValue(path, 0, found.problem)];
  const { value } = found;
  if (value === undefined) return [];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    return [invalidValue(path, 0, accessorProblem(`.${fieldsOf(path).join('.')}`, value, 'int64'))];
  }
  if (value < 0) return [invalidValue(path, value, 'should be a non-negative integer')];
  return value > GREATEST ? [invalidValue(path, value, `should be less than or equal to ${GREATEST}`)] : [];
}
