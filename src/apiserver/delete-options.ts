import { type FieldError, invalidValue, notSupported } from '../model/field-error.ts';
import { isJsonObject } from '../model/json-value.ts';
import { badRequest, invalid } from '../model/status-errors.ts';
import type { ApiRequest } from '../model/api-message.ts';
import type { Preconditions } from '../storage/object-storage.ts';
import { dryRunErrors } from './request-options.ts';

/** What a delete says: its body's DeleteOptions, or its query when there is no body. */
export interface DeleteRequestOptions {
  readonly dryRun: boolean;
  readonly gracePeriodSeconds: number | undefined;
  readonly propagationPolicy: 'Background' | 'Foreground' | 'Orphan' | undefined;
  readonly preconditions: Preconditions;
  /** Set where whatever the object owns is deleted anyway, so that nobody need look for it. */
  readonly ownsNothing?: true;
}

/** How the content of a namespace or definition is deleted. Nobody runs pods here, so that there is nobody to wait for. */
export const CONTENT_OPTIONS: DeleteRequestOptions = {
  dryRun: false,
  gracePeriodSeconds: 0,
  propagationPolicy: 'Background',
  preconditions: {},
};

const POLICIES = ['Foreground', 'Background', 'Orphan', 'nil'];

/** Reads the options of a DELETE. Throws BadRequest for another kind of body, Invalid for wrong values. */
export function deleteOptions(request: ApiRequest): DeleteRequestOptions {
  const given = optionsBody(request.body);
  const query = request.query ?? new URLSearchParams();
  const grace = given['gracePeriodSeconds'] ?? numberOf(query.get('gracePeriodSeconds'));
  if (grace !== undefined && (typeof grace !== 'number' || !Number.isInteger(grace))) {
    throw badRequest('gracePeriodSeconds must be an integer');
  }
  const policy = given['propagationPolicy'] ?? query.get('propagationPolicy') ?? undefined;
  const orphan = given['orphanDependents'] ?? booleanOf(query.get('orphanDependents'));
  const all = Array.isArray(given['dryRun']) ? given['dryRun'].map(String) : query.getAll('dryRun');
  const dryRun = all.filter((value) => value !== '');
  const errors = [...policyErrors(policy, orphan), ...dryRunErrors(dryRun)];
  if (errors.length > 0) throw invalid('DeleteOptions', 'meta.k8s.io', '', errors);
  return {
    dryRun: dryRun.length > 0,
    gracePeriodSeconds: grace,
    propagationPolicy: policyOf(policy, orphan),
    preconditions: preconditionsOf(given['preconditions']),
  };
}

function optionsBody(body: unknown): Record<string, unknown> {
  if (body === undefined || body === null) return {};
  if (!isJsonObject(body)) throw badRequest('the DeleteOptions are no object');
  const { kind } = body;
  if (kind === undefined || kind === '' || kind === 'DeleteOptions') return body;
  throw badRequest('decoded object cannot be converted to DeleteOptions');
}

function policyErrors(policy: unknown, orphan: unknown): FieldError[] {
  if (policy === undefined) return [];
  const errors: FieldError[] = [];
  if (typeof orphan === 'boolean') {
    const text = 'orphanDependents and deletionPropagation cannot be both set';
    errors.push(invalidValue('propagationPolicy', policy, text));
  }
  if (policyOf(policy, undefined) === undefined) errors.push(notSupported('propagationPolicy', policy, POLICIES));
  return errors;
}

function policyOf(policy: unknown, orphan: unknown): DeleteRequestOptions['propagationPolicy'] {
  if (policy === 'Background' || policy === 'Foreground' || policy === 'Orphan') return policy;
  if (typeof orphan !== 'boolean') return undefined;
  return orphan ? 'Orphan' : 'Background';
}

function preconditionsOf(value: unknown): Preconditions {
  if (!isJsonObject(value)) return {};
  const { uid, resourceVersion } = value;
  return {
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
  };
}

function numberOf(text: string | null): number | undefined {
  return text === null || text === '' ? undefined : Number(text);
}

function booleanOf(text: string | null): boolean | undefined {
  return text === null || text === '' ? undefined : text !== '0' && text.toLowerCase() !== 'false';
}
