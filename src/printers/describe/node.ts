import { compareBytes } from '../../model/byte-order.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import type { Describing } from './describer.ts';
import { type Description, writeText } from './description.ts';
import { subjectOf, writeEvents } from './events.ts';
import {
  type Fields,
  flagAt,
  mapAt,
  objectAt,
  objectsAt,
  sortedEntries,
  stringsAt,
  textAt,
  valueAt,
} from './fields.ts';
import { writeLabelsAndAnnotations, writeList, writeName } from './metadata-lines.ts';
import { writeNodeResources } from './node-resources.ts';
import { quantityText } from './quantity-text.ts';
import { timeText } from './times.ts';

const ROLE_PREFIX = 'node-role.kubernetes.io/';
const SYSTEM_INFO = [
  ['Machine ID', 'machineID'],
  ['System UUID', 'systemUUID'],
  ['Boot ID', 'bootID'],
  ['Kernel Version', 'kernelVersion'],
  ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'],
  ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'],
  ['Kubelet Version', 'kubeletVersion'],
  ['Kube-Proxy Version', 'kubeProxyVersion'],
] as const;

/** v1 Node, with its lease and the pods that run on it. */
export async function describeNode(describing: Describing): Promise<void> {
  const { object, out } = describing;
  const pods = await podsOf(describing);
  writeName(describing);
  out.line(0, 'Roles:', rolesOf(object).join(',') || '<none>');
  writeLabelsAndAnnotations(describing);
  out.line(0, 'CreationTimestamp:', timeText(object.metadata.creationTimestamp));
  writeTaints(out, object);
  out.line(0, 'Unschedulable:', flagAt(object, 'spec.unschedulable'));
  await writeLease(describing);
  writeNodeConditions(out, object);
  out.line(0, 'Addresses:');
  for (const address of objectsAt(object, 'status.addresses')) {
    out.line(1, `${textAt(address, 'type')}:`, textAt(address, 'address'));
  }
  writeAmounts(out, 'Capacity', mapAt(object, 'status.capacity'));
  writeAmounts(out, 'Allocatable', mapAt(object, 'status.allocatable'));
  out.line(0, 'System Info:');
  for (const [title, field] of SYSTEM_INFO) out.line(1, `${title}:`, textAt(object, `status.nodeInfo.${field}`));
  writeText(out, 'PodCIDR:', textAt(object, 'spec.podCIDR'));
  writeText(out, 'PodCIDRs:', stringsAt(object, 'spec.podCIDRs').join(','));
  writeText(out, 'ProviderID:', textAt(object, 'spec.providerID'));
  if (pods === undefined) out.line(0, 'Pods:', 'not authorized');
  else writeNodeResources(describing, pods);
  const subject = subjectOf(object);
  // Events of the kubelet have the node's name for its uid.
  await writeEvents(describing, [subject, { ...subject, uid: subject.name }]);
}

/** The pods on the node that have not ended; undefined when the user may not see them. */
async function podsOf({ object, source }: Describing): Promise<KubeObject[] | undefined> {
  const fieldSelector = `spec.nodeName=${object.metadata.name ?? ''},status.phase!=Succeeded,status.phase!=Failed`;
  try {
    return await source.list({ apiVersion: 'v1', kind: 'Pod', fieldSelector });
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'Forbidden') return undefined;
    throw error;
  }
}

function rolesOf(node: KubeObject): string[] {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(mapAt(node, 'metadata.labels'))) {
    const role = key.startsWith(ROLE_PREFIX)
      ? key.slice(ROLE_PREFIX.length)
      : key === 'kubernetes.io/role'
        ? value
        : '';
    if (role !== '') roles.add(role);
  }
  return [...roles].sort(compareBytes);
}

function writeTaints(out: Description, node: KubeObject): void {
  const order = (taint: Fields): string => `${textAt(taint, 'effect')},${textAt(taint, 'key')}`;
  const taints = objectsAt(node, 'spec.taints').sort((left, right) => compareBytes(order(left), order(right)));
  writeList(out, 'Taints', taints.map(taintText));
}

function taintText(taint: Fields): string {
  const [key, value, effect] = [textAt(taint, 'key'), textAt(taint, 'value'), textAt(taint, 'effect')];
  if (effect === '') return value === '' ? key : `${key}=${value}:`;
  return value === '' ? `${key}:${effect}` : `${key}=${value}:${effect}`;
}

async function writeLease({ object, out, source }: Describing): Promise<void> {
  let lease: KubeObject;
  try {
    lease = await source.get(
      { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'kube-node-lease' },
      object.metadata.name ?? '',
    );
  } catch (error) {
    out.line(0, 'Lease:', `Failed to get lease: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  const spec = objectAt(lease, 'spec');
  const time = (field: string): string =>
    valueAt(spec, field) === undefined ? '<unset>' : timeText(valueAt(spec, field));
  out.line(0, 'Lease:');
  out.line(1, 'HolderIdentity:', textAt(spec, 'holderIdentity', '<unset>'));
  out.line(1, 'AcquireTime:', time('acquireTime'));
  out.line(1, 'RenewTime:', time('renewTime'));
}

function writeNodeConditions(out: Description, node: KubeObject): void {
  const conditions = objectsAt(node, 'status.conditions');
  if (conditions.length === 0) return;
  out.line(0, 'Conditions:');
  out.line(1, 'Type', 'Status', 'LastHeartbeatTime', 'LastTransitionTime', 'Reason', 'Message');
  out.line(1, '----', '------', '-----------------', '------------------', '------', '-------');
  for (const each of conditions) {
    const times = ['lastHeartbeatTime', 'lastTransitionTime'].map((field) => `${timeText(valueAt(each, field))} `);
    out.line(
      1,
      `${textAt(each, 'type')} `,
      `${textAt(each, 'status')} `,
      ...times,
      `${textAt(each, 'reason')} `,
      textAt(each, 'message'),
    );
  }
}

function writeAmounts(out: Description, title: string, amounts: Readonly<Record<string, string>>): void {
  const entries = sortedEntries(amounts);
  if (entries.length > 0) out.line(0, `${title}:`);
  for (const [name, quantity] of entries) out.line(1, `${name}:`, quantityText(quantity));
}
