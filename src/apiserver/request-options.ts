import { queryBoolean } from '../model/query-boolean.ts';
import {
  type FieldError,
  fieldForbidden,
  invalidValue,
  notSupported,
  required,
  tooLong,
} from '../model/field-error.ts';
import type { JsonObject } from '../model/json-value.ts';
import { invalid } from '../model/status-errors.ts';
import type { ApiRequest } from '../model/api-message.ts';

/** What a create, update or patch says beside its object. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
  readonly fieldManager: string;
  /** Of an apply: whether it takes fields from other managers. */
  readonly force: boolean;
  /** The options as they were sent, for admission to see; absent where there is no request. */
  readonly sent?: JsonObject;
}

const FIELD_VALIDATIONS = ['Ignore', 'Strict', 'Warn'];

/**
 * Reads dryRun, fieldManager and fieldValidation. Throws Invalid for wrong values, naming the options' kind. The manager
 * is what the query says, or the user agent up to its first slash.
 */
export function writeOptions(
  request: ApiRequest,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
): WriteOptions {
  const query = request.query ?? new URLSearchParams();
  const manager = query.get('fieldManager') ?? '';
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  const validation = query.get('fieldValidation') ?? '';
  const errors = kind === 'PatchOptions' ? applyErrors(request, manager) : [];
  errors.push(...managerErrors(manager), ...dryRunErrors(dryRun), ...validationErrors(validation));
  if (errors.length > 0) throw invalid(kind, 'meta.k8s.io', '', errors);
  return {
    dryRun: dryRun.length > 0,
    fieldValidation: validation === 'Strict' || validation === 'Ignore' ? validation : 'Warn',
    fieldManager: manager === '' ? userAgentManager(request) : manager,
    force: queryBoolean(query, 'force') === true,
    sent: {
      kind,
      apiVersion: 'meta.k8s.io/v1',
      ...(dryRun.length === 0 ? {} : { dryRun }),
      ...(query.has('force') ? { force: queryBoolean(query, 'force') === true } : {}),
      ...(manager === '' ? {} : { fieldManager: manager }),
      ...(validation === '' ? {} : { fieldValidation: validation }),
    },
  };
}

/** Whether a patch is a configuration for server-side apply. */
export function isApply({ headers }: ApiRequest): boolean {
  return (headers?.['content-type'] ?? '').split(';')[0]?.trim() === 'application/apply-patch+yaml';
}

/** What an apply must say, and any other patch may not. */
function applyErrors(request: ApiRequest, manager: string): FieldError[] {
  if (isApply(request)) return manager === '' ? [required('fieldManager', 'is required for apply patch')] : [];
  return request.query?.has('force') ? [fieldForbidden('force', 'may not be specified for non-apply patch')] : [];
}

function validationErrors(validation: string): FieldError[] {
  if (validation === '' || FIELD_VALIDATIONS.includes(validation)) return [];
  return [notSupported('fieldValidation', validation, FIELD_VALIDATIONS)];
}

function managerErrors(manager: string): FieldError[] {
  const errors = manager.length > 128 ? [tooLong('fieldManager', 128)] : [];
  const odd = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(manager);
  if (odd !== null) {
    const code = (odd[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    errors.push(invalidValue('fieldManager', manager, `invalid character U+${code} (at position ${odd.index})`));
  }
  return errors;
}

/** Errors of a dryRun parameter: only `All` is known. */
export function dryRunErrors(values: readonly string[]): FieldError[] {
  return values.some((value) => value !== 'All') ? [notSupported('dryRun', values, ['All'])] : [];
}

function userAgentManager({ headers }: ApiRequest): string {
  const agent = headers?.['user-agent'] ?? '';
  const name = (agent.split('/')[0] ?? '').slice(0, 128);
  return name === '' ? 'unknown' : name;
}
