import { type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { formatQuantity, quantitySign } from '../../../model/quantity.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, textIn } from '../fields.ts';
import { quantityIn } from '../resource-list.ts';
import { qualifiedNameRule } from '../value-rules.ts';

/** The fields of a pod that its containers may read at all. */
const READABLE = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.serviceAccountName',
  'spec.schedulerName',
  'status.phase',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]);

/** What a variable may read; sorted as the error lists them. */
export const VARIABLE_FIELDS: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

/** What a file may read. */
export const FILE_FIELDS: readonly string[] = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

/** What is wrong with a reference to a field of the pod (validateObjectFieldSelector). */
export function fieldReferenceErrors(reference: Fields, allowed: readonly string[], path: string): FieldError[] {
  const version = textIn(reference, 'apiVersion');
  if (version === '') return [required(`${path}.apiVersion`)];
  const fieldPath = textIn(reference, 'fieldPath');
  if (fieldPath === '') return [required(`${path}.fieldPath`)];
  const unreadable = (why: string) => [
    invalidValue(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${why}`),
  ];
  if (version !== 'v1') return unreadable(`unsupported pod version: ${version}`);
  const subscripted = /^(.+?)\['(.*)'\]$/s.exec(fieldPath);
  if (subscripted !== null) {
    const [, base = '', key = ''] = subscripted;
    if (base === 'metadata.annotations') return ruleErrors(path, key.toLowerCase(), qualifiedNameRule);
    if (base === 'metadata.labels') return ruleErrors(path, key, qualifiedNameRule);
    return unreadable(`field label does not support subscript: ${fieldPath}`);
  }
  const known = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath;
  if (!READABLE.has(known)) return unreadable(`field label not supported: ${fieldPath}`);
  return allowed.includes(known) ? [] : [notSupported(`${path}.fieldPath`, known, allowed)];
}

const RESOURCES: readonly string[] = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const HUGE_PAGES = /^(requests|limits)\.hugepages-/;
const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** What is wrong with a reference to a resource of a container (validateContainerResourceFieldSelector). */
export function resourceReferenceErrors(reference: Fields, path: string, inVolume: boolean): FieldError[] {
  const resource = textIn(reference, 'resource');
  const errors: FieldError[] = [];
  if (inVolume && textIn(reference, 'containerName') === '') errors.push(required(`${path}.containerName`));
  else if (resource === '') errors.push(required(`${path}.resource`));
  else if (!RESOURCES.includes(resource) && !HUGE_PAGES.test(resource)) {
    errors.push(notSupported(`${path}.resource`, resource, RESOURCES));
  }
  return [...errors, ...divisorErrors(reference, resource, path)];
}

function divisorErrors(reference: Fields, resource: string, path: string): FieldError[] {
  const divisor = quantityIn(reference, 'divisor');
  if (divisor === undefined || quantitySign(divisor) === 0) return [];
  const { allowed, list, what } = divisorsOf(resource);
  if (what === '' || allowed.includes(formatQuantity(divisor))) return [];
  const detail = `only divisor's values ${list} are supported with the ${what} resource`;
  return [invalidValue(`${path}.divisor`, resource, detail)];
}

function divisorsOf(resource: string): { allowed: readonly string[]; list: string; what: string } {
  if (resource.endsWith('.cpu')) return { allowed: ['1m', '1'], list: '1m and 1', what: 'cpu' };
  const bytes = (what: string) => ({ allowed: BYTE_DIVISORS, list: BYTE_DIVISORS.join(', '), what });
  if (resource.endsWith('.memory')) return bytes('memory');
  if (resource.endsWith('.ephemeral-storage')) return bytes('local ephemeral storage');
  return bytes(HUGE_PAGES.test(resource) ? 'hugepages' : '');
}
