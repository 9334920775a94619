import { addAmounts, type Amounts, raiseAmounts } from '../../model/resource-amounts.ts';
import { addQuantity, quantitySign } from '../../model/quantity.ts';
import { amountsAt } from './amounts.ts';
import { type Fields, has, objectsAt, textAt } from './fields.ts';

/** What a pod requests, init containers counted as they run and resizes that are under way counted in (podRequests). */
export function podRequests(pod: unknown): Amounts {
  const statuses = new Map<string, Fields>();
  for (const field of ['status.containerStatuses', 'status.initContainerStatuses']) {
    for (const status of objectsAt(pod, field)) statuses.set(textAt(status, 'name'), status);
  }
  const infeasible = isResizeInfeasible(pod);
  const requests = sumOfContainers(pod, (container, restarts) => {
    const status = statuses.get(textAt(container, 'name'));
    const own = amountsAt(container, 'resources.requests');
    return restarts && status !== undefined && has(status, 'resources')
      ? resizedRequests(own, status, infeasible)
      : own;
  });
  addAmounts(requests, amountsAt(pod, 'spec.overhead'));
  return requests;
}

/** A pod's limits; overhead counts where there is a limit (podLimits). */
export function podLimits(pod: unknown): Amounts {
  const limits = sumOfContainers(pod, (container) => amountsAt(container, 'resources.limits'));
  for (const [name, overhead] of amountsAt(pod, 'spec.overhead')) {
    const limit = limits.get(name);
    if (limit !== undefined && quantitySign(limit) !== 0) limits.set(name, addQuantity(limit, overhead));
  }
  return limits;
}

/** `restarts` says whether the container runs along with the others. */
function sumOfContainers(pod: unknown, amountsOf: (container: Fields, restarts: boolean) => Amounts): Amounts {
  const total: Amounts = new Map();
  for (const container of objectsAt(pod, 'spec.containers')) addAmounts(total, amountsOf(container, true));
  const sidecars: Amounts = new Map();
  const init: Amounts = new Map();
  for (const container of objectsAt(pod, 'spec.initContainers')) {
    const restarts = textAt(container, 'restartPolicy') === 'Always';
    const own = amountsOf(container, restarts);
    if (restarts) {
      addAmounts(total, own);
      addAmounts(sidecars, own);
      raiseAmounts(init, sidecars);
    } else {
      const together: Amounts = new Map(own);
      addAmounts(together, sidecars);
      raiseAmounts(init, together);
    }
  }
  raiseAmounts(total, init);
  return total;
}

function resizedRequests(own: Amounts, status: Fields, infeasible: boolean): Amounts {
  const requests: Amounts = new Map(infeasible ? [] : own);
  raiseAmounts(requests, amountsAt(status, 'resources.requests'));
  raiseAmounts(requests, amountsAt(status, 'allocatedResources'));
  return requests;
}

function isResizeInfeasible(pod: unknown): boolean {
  return objectsAt(pod, 'status.conditions').some(
    (condition) => textAt(condition, 'type') === 'PodResizePending' && textAt(condition, 'reason') === 'Infeasible',
  );
}
