import { type FieldError, fieldForbidden, invalidValue, notSupported, tooLong } from '../model/field-error.ts';
import { invalid } from '../model/status-errors.ts';
import type { ApiRequest } from '../model/api-message.ts';

/** What a create, update or patch says beside its object. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
  readonly fieldManager: string;
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
  const errors: FieldError[] = [];
  const manager = query.get('fieldManager') ?? '';
  if (manager.length > 128) errors.push(tooLong('fieldManager', 128));
  const odd = [...manager].findIndex((character) => !/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character));
  if (odd >= 0) {
    const code = ([...manager][odd] ?? '').codePointAt(0) ?? 0;
    const text = `invalid character U+${code.toString(16).toUpperCase().padStart(4, '0')} (at position ${odd})`;
    errors.push(invalidValue('fieldManager', manager, text));
  }
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  errors.push(...dryRunErrors(dryRun));
  const validation = query.get('fieldValidation') ?? '';
  if (validation !== '' && !FIELD_VALIDATIONS.includes(validation)) {
    errors.push(notSupported('fieldValidation', validation, FIELD_VALIDATIONS));
  }
  if (kind === 'PatchOptions' && query.has('force')) {
    const type = (request.headers?.['content-type'] ?? '').split(';')[0];
    if (type !== 'application/apply-patch+yaml')
      errors.push(fieldForbidden('force', 'may not be specified for non-apply patch'));
  }
  if (errors.length > 0) throw invalid(kind, 'meta.k8s.io', '', errors);
  return {
    dryRun: dryRun.length > 0,
    fieldValidation: validation === 'Strict' || validation === 'Ignore' ? validation : 'Warn',
    fieldManager: manager === '' ? userAgentManager(request) : manager,
  };
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
