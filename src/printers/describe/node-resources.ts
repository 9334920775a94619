import { addAmounts, type Amounts } from '../../model/resource-amounts.ts';
import { compareBytes } from '../../model/byte-order.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { formatQuantity, type Quantity, quantityValue } from '../../model/quantity.ts';
import { amountsAt } from './amounts.ts';
import type { Describing } from './describer.ts';
import { podLimits, podRequests } from './pod-amounts.ts';
import { quantityOf } from './quantity-text.ts';
import { ageText } from './times.ts';

const LEAST_INT64 = -(2n ** 63n);
const STANDARD = ['cpu', 'memory', 'ephemeral-storage'];

/** The pods on a node with what they request, and the sums. */
export function writeNodeResources({ object, out, now }: Describing, pods: readonly KubeObject[]): void {
  const allocatable = allocatableOf(object);
  out.line(0, 'Non-terminated Pods:', `(${pods.length} in total)`);
  out.line(1, 'Namespace', 'Name', '', 'CPU Requests', 'CPU Limits', 'Memory Requests', 'Memory Limits', 'Age');
  out.line(1, '---------', '----', '', '------------', '----------', '---------------', '-------------', '---');
  const requests: Amounts = new Map();
  const limits: Amounts = new Map();
  for (const pod of pods) {
    const [own, most] = [podRequests(pod), podLimits(pod)];
    const cells = ['cpu', 'memory'].flatMap((name) =>
      [own, most].map((amounts) => shareText(amounts, allocatable, name, 'of nothing is not a number')),
    );
    const { namespace = '', name = '', creationTimestamp } = pod.metadata;
    out.line(1, namespace, name, '', ...cells, ageText(creationTimestamp, now));
    addAmounts(requests, own);
    addAmounts(limits, most);
  }
  out.write(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n');
  out.line(1, 'Resource', 'Requests', 'Limits');
  out.line(1, '--------', '--------', '------');
  const others = [...allocatable.keys()]
    .filter((name) => !STANDARD.includes(name) && name !== 'pods')
    .sort(compareBytes);
  const hugePages = others.filter((name) => name.startsWith('hugepages-'));
  for (const name of [...STANDARD, ...hugePages]) {
    out.line(1, name, shareText(requests, allocatable, name), shareText(limits, allocatable, name));
  }
  for (const name of others.filter((each) => !hugePages.includes(each))) {
    out.line(1, name, formatQuantity(amountOf(requests, name)), formatQuantity(amountOf(limits, name)));
  }
}

function allocatableOf(node: KubeObject): Amounts {
  const allocatable = amountsAt(node, 'status.allocatable');
  return allocatable.size > 0 ? allocatable : amountsAt(node, 'status.capacity');
}

/** `100m (5%)`. A share of nothing is 0 % or, for a single pod, what Go makes of a number that is none. */
function shareText(
  amounts: Amounts,
  allocatable: Amounts,
  name: string,
  ofNothing?: 'of nothing is not a number',
): string {
  const scale = name === 'cpu' ? -3 : 0;
  const amount = amountOf(amounts, name);
  const whole = quantityValue(amountOf(allocatable, name), scale);
  let percent: bigint;
  if (whole === 0n) percent = ofNothing === undefined ? 0n : LEAST_INT64;
  else percent = BigInt(Math.trunc((Number(quantityValue(amount, scale)) / Number(whole)) * 100));
  return `${formatQuantity(amount)} (${percent}%)`;
}

function amountOf(amounts: Amounts, name: string): Quantity {
  return amounts.get(name) ?? quantityOf('0');
}
