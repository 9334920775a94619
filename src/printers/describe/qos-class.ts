import { compareQuantity, quantitySign } from '../../model/quantity.ts';
import { addAmounts, type Amounts, amountsAt } from './amounts.ts';
import { has, objectsAt } from './fields.ts';

const COUNTED = ['cpu', 'memory'];

/** The quality-of-service class of a pod whose status does not tell (qos.ComputePodQOS). */
export function qosClassOf(spec: unknown): 'BestEffort' | 'Burstable' | 'Guaranteed' {
  const requests: Amounts = new Map();
  const limits: Amounts = new Map();
  let guaranteed = true;
  const parts = has(spec, 'resources')
    ? [spec]
    : [...objectsAt(spec, 'containers'), ...objectsAt(spec, 'initContainers')];
  for (const part of parts) {
    addAmounts(requests, countedAt(part, 'resources.requests'));
    const limited = countedAt(part, 'resources.limits');
    addAmounts(limits, limited);
    if (limited.size < COUNTED.length) guaranteed = false;
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  const equal = [...requests].every(([name, request]) => {
    const limit = limits.get(name);
    return limit !== undefined && compareQuantity(limit, request) === 0;
  });
  return guaranteed && equal && requests.size === limits.size ? 'Guaranteed' : 'Burstable';
}

function countedAt(object: unknown, path: string): Amounts {
  return new Map(
    [...amountsAt(object, path)].filter(([name, amount]) => COUNTED.includes(name) && quantitySign(amount) > 0),
  );
}
