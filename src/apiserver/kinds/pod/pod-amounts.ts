import { compareQuantity, quantitySign } from '../../../model/quantity.ts';
import { type Fields, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { addAmounts, type Amounts, amountsIn, raiseAmounts } from '../resource-list.ts';

function requestsOf(container: Fields): Amounts {
  return amountsIn(partOf(container, 'resources', 'requests'));
}

/** What all containers of a pod request together, init containers counted as they run (AggregateContainerRequests). */
export function containerRequests(spec: Fields): Amounts {
  const total: Amounts = new Map();
  for (const container of objectsIn(spec, 'containers')) addAmounts(total, requestsOf(container));
  const sidecars: Amounts = new Map();
  const init: Amounts = new Map();
  for (const container of objectsIn(spec, 'initContainers')) {
    const requests = requestsOf(container);
    if (textIn(container, 'restartPolicy') === 'Always') {
      addAmounts(total, requests);
      addAmounts(sidecars, requests);
      raiseAmounts(init, sidecars);
    } else {
      const together: Amounts = new Map(requests);
      addAmounts(together, sidecars);
      raiseAmounts(init, together);
    }
  }
  raiseAmounts(total, init);
  return total;
}

const COUNTED = ['cpu', 'memory'];

function positive(list: Fields): Amounts {
  return new Map([...amountsIn(list)].filter(([name, each]) => COUNTED.includes(name) && quantitySign(each) > 0));
}

/** The quality-of-service class that a pod gets from its requests and limits (qos.ComputePodQOS). */
export function qosClassOf(spec: Fields): 'BestEffort' | 'Burstable' | 'Guaranteed' {
  const requests: Amounts = new Map();
  const limits: Amounts = new Map();
  const own = objectIn(spec, 'resources');
  const parts = own === undefined ? [...objectsIn(spec, 'containers'), ...objectsIn(spec, 'initContainers')] : [spec];
  let guaranteed = true;
  for (const part of parts) {
    const resources = partOf(part, 'resources');
    addAmounts(requests, positive(partOf(resources, 'requests')));
    const limited = positive(partOf(resources, 'limits'));
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
