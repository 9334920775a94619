import { duplicate, type FieldError, fieldForbidden, invalidValue, required } from '../../../model/field-error.ts';
import {
  compareQuantity,
  formatQuantity,
  parseQuantity,
  type Quantity,
  quantitySign,
  quantityValue,
} from '../../../model/quantity.ts';
import { NOT_NEGATIVE, ruleErrors } from '../field-checks.ts';
import { type Fields, objectsIn, partOf, textIn } from '../fields.ts';
import { isHugePage, isNativeResource, isOvercommitAllowed, quantityIn } from '../resource-list.ts';
import { labelRule, qualifiedNameRule } from '../value-rules.ts';

/** Resources that are counted, not measured (helper.IsIntegerResourceName): these and all that have a prefix of their own. */
const COUNTED = new Set([
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

/** A quantity that is negative, or a share of what can only be counted (ValidateResourceQuantityValue). */
export function quantityErrors(list: Fields, name: string, field: string): FieldError[] {
  const quantity = quantityIn(list, name);
  if (quantity === undefined) return [];
  const text = formatQuantity(quantity);
  const errors = quantitySign(quantity) < 0 ? [invalidValue(field, text, NOT_NEGATIVE)] : [];
  if ((COUNTED.has(name) || isExtended(name)) && quantityValue(quantity, -3) % 1000n !== 0n) {
    errors.push(invalidValue(field, text, 'must be an integer'));
  }
  return errors;
}

/** A resource of someone else's: a name with a prefix that is not kubernetes.io's (helper.IsExtendedResourceName). */
function isExtended(name: string): boolean {
  if (isNativeResource(name) || name.startsWith('requests.')) return false;
  return qualifiedNameRule(`requests.${name}`).length === 0;
}

const STANDARD = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'requests.storage',
  'services.nodeports',
  'services.loadbalancers',
]);
const OF_CONTAINERS = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** What is wrong with the name of a resource (validateResourceName). */
export function resourceNameErrors(name: string, field: string): FieldError[] {
  const errors = ruleErrors(field, name, qualifiedNameRule);
  if (errors.length > 0 || name.includes('/') || STANDARD.has(name)) return errors;
  if (isHugePage(name) || name.startsWith('requests.hugepages-')) return [];
  return [invalidValue(field, name, 'must be a standard resource type or fully qualified')];
}

/** What is wrong with the name of a resource of a container (ValidateContainerResourceName). */
export function containerResourceErrors(name: string, field: string): FieldError[] {
  const errors = resourceNameErrors(name, field);
  if (!name.includes('/')) {
    if (!OF_CONTAINERS.has(name) && !isHugePage(name)) {
      errors.push(invalidValue(field, name, 'must be a standard resource for containers'));
    }
  } else if (!isNativeResource(name) && !isExtended(name)) {
    errors.push(invalidValue(field, name, "doesn't follow extended resource name standard"));
  }
  return errors;
}

function podResourceErrors(name: string, field: string): FieldError[] {
  const errors = resourceNameErrors(name, field);
  if (errors.length > 0 || name === 'cpu' || name === 'memory' || isHugePage(name)) return errors;
  const detail = 'supported values: "cpu", "memory"';
  return [{ type: 'FieldValueNotSupported', field, value: name, detail }];
}

/** Where resource requirements stand: they differ in the resources that are allowed. */
export interface RequirementsPlace {
  readonly path: string;
  readonly level: 'container' | 'pod';
  /** The names of the pod's resource claims. */
  readonly claims: ReadonlySet<string>;
}

/** What is wrong with limits, requests and claims (validateResourceRequirements). */
export function requirementsErrors(resources: Fields, { path, level, claims }: RequirementsPlace): FieldError[] {
  const limits = partOf(resources, 'limits');
  const requests = partOf(resources, 'requests');
  const nameErrors = level === 'pod' ? podResourceErrors : containerResourceErrors;
  const errors: FieldError[] = [];
  for (const name of Object.keys(limits).sort()) {
    const field = `${path}.limits[${name}]`;
    errors.push(
      ...nameErrors(name, field),
      ...quantityErrors(limits, name, field),
      ...hugePageErrors(limits, name, field),
    );
  }
  for (const name of Object.keys(requests).sort()) {
    const field = `${path}.requests[${name}]`;
    errors.push(...nameErrors(name, field), ...quantityErrors(requests, name, field));
    errors.push(...requestErrors(limits, requests, { name, path }), ...hugePageErrors(requests, name, field));
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePage) && !names.includes('cpu') && !names.includes('memory')) {
    errors.push(fieldForbidden(path, 'HugePages require cpu or memory'));
  }
  return [...errors, ...claimErrors(objectsIn(resources, 'claims'), `${path}.claims`, claims)];
}

/** A request over its limit; the field is upstream's, which does not name the resource. */
function requestErrors(limits: Fields, requests: Fields, { name, path }: { name: string; path: string }): FieldError[] {
  const request = quantityIn(requests, name);
  const limit = quantityIn(limits, name);
  if (request === undefined) return [];
  if (limit === undefined) {
    if (isOvercommitAllowed(name)) return [];
    return [required(`${path}.limits`, 'Limit must be set for non overcommitable resources')];
  }
  const wrong = (relation: string) => {
    const detail = `must be ${relation} ${name} limit of ${formatQuantity(limit)}`;
    return [invalidValue(`${path}.requests`, formatQuantity(request), detail)];
  };
  const order = compareQuantity(request, limit);
  if (order !== 0 && !isOvercommitAllowed(name)) return wrong('equal to');
  return order > 0 ? wrong('less than or equal to') : [];
}

function hugePageErrors(list: Fields, name: string, field: string): FieldError[] {
  const quantity = quantityIn(list, name);
  if (!isHugePage(name) || quantity === undefined) return [];
  if (isMultiple(quantity, name.slice('hugepages-'.length))) return [];
  const text = formatQuantity(quantity);
  return [invalidValue(field, text, `${text} is not positive integer multiple of ${name}`)];
}

function isMultiple(quantity: Quantity, pageSize: string): boolean {
  let size: bigint;
  try {
    size = quantityValue(parseQuantity(pageSize));
  } catch {
    return false;
  }
  const value = quantityValue(quantity);
  return size > 0n && value >= 0n && value % size === 0n;
}

function claimErrors(claims: readonly Fields[], path: string, known: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, claim] of claims.entries()) {
    const field = `${path}[${index}]`;
    const name = textIn(claim, 'name');
    if (name === '') {
      errors.push(required(field));
      continue;
    }
    errors.push(...claimEntryErrors(claim, field, names));
    if (!known.has(name)) errors.push(unknownClaim(field, name, known));
  }
  return errors;
}

/** An entry that another covers already: the same claim, or the same request of it. */
function claimEntryErrors(claim: Fields, field: string, names: Set<string>): FieldError[] {
  const name = textIn(claim, 'name');
  const request = textIn(claim, 'request');
  if (names.has(name)) return [duplicate(field, name)];
  const key = request === '' ? name : `${name}/${request}`;
  const errors = request === '' ? [] : ruleErrors(`${field}.request`, request, labelRule);
  if (names.has(key)) errors.push(duplicate(field, key));
  else if (request === '') {
    for (const each of names) if (each.startsWith(`${name}/`)) errors.push(duplicate(field, name));
  }
  names.add(key);
  return errors;
}

function unknownClaim(field: string, name: string, known: ReadonlySet<string>): FieldError {
  const which = known.size === 0 ? ' which is empty' : `: ${[...known].sort().join(', ')}`;
  const detail = `must be one of the names in pod.spec.resourceClaims${which}`;
  return { type: 'FieldValueNotFound', field, value: name, detail };
}
