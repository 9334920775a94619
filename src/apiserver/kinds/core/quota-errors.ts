import { type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { type Fields, isSet, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { isHugePage } from '../resource-list.ts';
import { quantityErrors, resourceNameErrors } from '../pod/resource-errors.ts';

const COMPUTE = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];
const STORAGE = ['persistentvolumeclaims', 'requests.storage'];
/** The scopes of a quota, and what can be counted in each. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  BestEffort: ['pods'],
  NotBestEffort: ['pods', ...COMPUTE],
  Terminating: ['pods', ...COMPUTE],
  NotTerminating: ['pods', ...COMPUTE],
  PriorityClass: ['pods', ...COMPUTE],
  CrossNamespacePodAffinity: ['pods', ...COMPUTE],
  VolumeAttributesClass: STORAGE,
};
const CONFLICTS = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;
/** Scopes that a pod is in or not: nothing to compare. */
const WITHOUT_VALUES = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'];
const QUOTA_RESOURCES = new Set([
  ...COMPUTE,
  ...STORAGE,
  'ephemeral-storage',
  'requests.ephemeral-storage',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
]);

/** What is wrong with a ResourceQuota (ValidateResourceQuotaSpec). */
export function quotaErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const hard = partOf(spec, 'hard');
  const names = Object.keys(hard).sort();
  return [
    ...amountErrors(hard, 'spec.hard'),
    ...scopesErrors(spec, names),
    ...(isSet(spec, 'scopeSelector') ? selectorErrors(spec, names) : []),
  ];
}

/** What is wrong with a change of a ResourceQuota: what it counts stays. */
export function quotaUpdateErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const scopes = (each: KubeObject) => new Set(stringsIn(partOf(each, 'spec'), 'scopes'));
  const now = scopes(object);
  const before = scopes(old);
  const errors = quotaErrors(object);
  if (now.size === before.size && [...now].every((scope) => before.has(scope))) return errors;
  return [...errors, invalidValue('spec.scopes', partOf(object, 'spec')['scopes'], 'field is immutable')];
}

/** What is wrong with what a quota is said to be and to be used up (ValidateResourceQuotaStatusUpdate). */
export function quotaStatusErrors(object: KubeObject): FieldError[] {
  const status = partOf(object, 'status');
  return ['hard', 'used'].flatMap((list) => amountErrors(partOf(status, list), `status.${list}`));
}

function amountErrors(list: Fields, path: string): FieldError[] {
  return Object.keys(list)
    .sort()
    .flatMap((name) => {
      const field = `${path}[${name}]`;
      const errors = resourceNameErrors(name, field);
      if (!name.includes('/') && !isQuotaResource(name)) {
        errors.push(invalidValue(field, name, 'must be a standard resource for quota'));
      }
      return [...errors, ...quantityErrors(list, name, field)];
    });
}

function isQuotaResource(name: string): boolean {
  return QUOTA_RESOURCES.has(name) || isHugePage(name) || name.startsWith('requests.hugepages-');
}

/** Whether a resource cannot be counted in a scope. */
function isOutside(scope: string, name: string): boolean {
  const counted = SCOPES[scope];
  return counted !== undefined && isQuotaResource(name) && !counted.includes(name);
}

function conflictErrors(scopes: readonly string[], field: string, value: unknown): FieldError[] {
  return CONFLICTS.filter((pair) => pair.every((scope) => scopes.includes(scope))).map(() =>
    invalidValue(field, value, 'conflicting scopes'),
  );
}

function scopesErrors(spec: Fields, names: readonly string[]): FieldError[] {
  const scopes = stringsIn(spec, 'scopes');
  const wrong = (detail: string) => invalidValue('spec.scopes', scopes, detail);
  const errors = scopes.flatMap((scope) => [
    ...(SCOPES[scope] === undefined ? [wrong('unsupported scope')] : []),
    ...names.filter((name) => isOutside(scope, name)).map(() => wrong('unsupported scope applied to resource')),
  ]);
  return [...errors, ...conflictErrors(scopes, 'spec.scopes', scopes)];
}

function selectorErrors(spec: Fields, names: readonly string[]): FieldError[] {
  const path = 'spec.scopeSelector.matchExpressions';
  const selector = objectIn(spec, 'scopeSelector');
  const requirements = objectsIn(partOf(spec, 'scopeSelector'), 'matchExpressions');
  const errors = requirements.flatMap((requirement) => {
    const scope = textIn(requirement, 'scopeName');
    const outside = names.filter((name) => isOutside(scope, name));
    return [
      ...(SCOPES[scope] === undefined ? [invalidValue(`${path}.scopeName`, scope, 'unsupported scope')] : []),
      ...outside.map(() => invalidValue(path, selector, 'unsupported scope applied to resource')),
      ...operatorErrors(requirement, scope, path),
    ];
  });
  const scopes = requirements.map((requirement) => textIn(requirement, 'scopeName'));
  return [...errors, ...conflictErrors(scopes, path, spec['scopes'])];
}

function operatorErrors(requirement: Fields, scope: string, path: string): FieldError[] {
  const operator = textIn(requirement, 'operator');
  const values = stringsIn(requirement, 'values');
  const errors: FieldError[] = [];
  if (WITHOUT_VALUES.includes(scope) && operator !== 'Exists') {
    const detail =
      "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
    errors.push(invalidValue(`${path}.operator`, operator, detail));
  }
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length > 0) return errors;
      return [
        ...errors,
        required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"),
      ];
    case 'Exists':
    case 'DoesNotExist': {
      if (values.length === 0) return errors;
      const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      return [...errors, invalidValue(`${path}.values`, values, detail)];
    }
    default:
      return [...errors, invalidValue(`${path}.operator`, operator, 'not a valid selector operator')];
  }
}
