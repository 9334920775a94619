import { compareQuantity, quantitySign } from './quantity.ts';
import { addAmounts, type Amounts } from './resource-amounts.ts';

export type QosClass = 'BestEffort' | 'Burstable' | 'Guaranteed';

const COUNTED = ['cpu', 'memory'];

/**
 * The quality-of-service class that a pod gets from requests and limits (qos.ComputePodQOS): those of the pod itself where
 * it has any, otherwise those of each of its containers and init containers.
 */
export function podQosClass(parts: readonly { readonly requests: Amounts; readonly limits: Amounts }[]): QosClass {
  const requests: Amounts = new Map();
  const limits: Amounts = new Map();
  let guaranteed = true;
  for (const part of parts) {
    addAmounts(requests, counted(part.requests));
    const limited = counted(part.limits);
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

function counted(amounts: Amounts): Amounts {
  return new Map([...amounts].filter(([name, amount]) => COUNTED.includes(name) && quantitySign(amount) > 0));
}
