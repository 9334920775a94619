import { podQosClass, type QosClass } from '../../../model/pod-qos-class.ts';
import { addAmounts, type Amounts, raiseAmounts } from '../../../model/resource-amounts.ts';
import { type Fields, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { amountsIn } from '../resource-list.ts';

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

/** The quality-of-service class that a pod gets from its requests and limits. */
export function qosClassOf(spec: Fields): QosClass {
  const own = objectIn(spec, 'resources');
  const parts = own === undefined ? [...objectsIn(spec, 'containers'), ...objectsIn(spec, 'initContainers')] : [spec];
  return podQosClass(
    parts.map((part) => ({
      requests: amountsIn(partOf(part, 'resources', 'requests')),
      limits: amountsIn(partOf(part, 'resources', 'limits')),
    })),
  );
}
