import { qosClassOf } from './qos-class.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { writeContainers, writeResources, writeSeccompProfile } from './containers.ts';
import type { Describing } from './describer.ts';
import { type Description, writeText } from './description.ts';
import { subjectOf, writeEvents } from './events.ts';
import { has, mapAt, numberAt, objectsAt, textAt, valueAt } from './fields.ts';
import { writeController, writeLabelsAndAnnotations, writeMap, writeNames } from './metadata-lines.ts';
import { writeTopologySpread, writeWorkload } from './pod-placement.ts';
import { ageText, timeText } from './times.ts';
import { writeTolerations } from './tolerations.ts';
import { writeVolumes } from './volumes.ts';

const MIRROR = 'kubernetes.io/config.mirror';

/** v1 Pod. */
export async function describePod(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  writeClassAndNode(out, object);
  writeLabelsAndAnnotations(describing);
  writeStatus(describing);
  writeSeccompProfile(out, valueAt(object, 'spec'), 0, 0);
  writeAddresses(out, object);
  writeController(describing);
  writeText(out, 'NominatedNodeName:', textAt(object, 'status.nominatedNodeName'));
  if (has(object, 'spec.resources')) {
    out.line(0, 'Resources:');
    writeResources(out, valueAt(object, 'spec.resources'), 1);
  }
  writeAllContainers(out, object);
  writePodConditions(out, object);
  const spec = valueAt(object, 'spec');
  writeVolumes(out, spec, '');
  out.line(0, 'QoS Class:', textAt(object, 'status.qosClass') || qosClassOf(spec));
  writeMap(out, 'Node-Selectors', mapAt(spec, 'nodeSelector'));
  writeTolerations(out, 'Tolerations', spec);
  writeTopologySpread(out, spec, '');
  writeWorkload(out, spec, '');
  const { kind: _any, uid, ...subject } = subjectOf(object);
  const mirrored = mapAt(object, 'metadata.annotations')[MIRROR] ?? uid;
  await writeEvents(describing, [mirrored ? { ...subject, uid: mirrored } : subject]);
}

function writeClassAndNode(out: Description, pod: KubeObject): void {
  if (has(pod, 'spec.priority')) out.line(0, 'Priority:', numberAt(pod, 'spec.priority'));
  writeText(out, 'Priority Class Name:', textAt(pod, 'spec.priorityClassName'));
  writeText(out, 'Runtime Class Name:', textAt(pod, 'spec.runtimeClassName'));
  writeText(out, 'Service Account:', textAt(pod, 'spec.serviceAccountName'));
  const node = textAt(pod, 'spec.nodeName');
  out.line(0, 'Node:', node === '' ? '<none>' : `${node}/${textAt(pod, 'status.hostIP')}`);
  if (has(pod, 'status.startTime')) out.line(0, 'Start Time:', timeText(valueAt(pod, 'status.startTime')));
}

function writeStatus({ object, out, now }: Describing): void {
  const phase = textAt(object, 'status.phase');
  const { deletionTimestamp } = object.metadata;
  if (deletionTimestamp && phase !== 'Failed' && phase !== 'Succeeded') {
    out.line(0, 'Status:', `Terminating (lasts ${ageText(deletionTimestamp, now)})`);
    out.line(0, 'Termination Grace Period:', `${object.metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else {
    out.line(0, 'Status:', phase);
  }
  writeText(out, 'Reason:', textAt(object, 'status.reason'));
  writeText(out, 'Message:', textAt(object, 'status.message'));
}

function writeAddresses(out: Description, pod: KubeObject): void {
  out.line(0, 'IP:', textAt(pod, 'status.podIP'));
  const addresses = objectsAt(pod, 'status.podIPs');
  out.write(0, `IPs:${addresses.length === 0 ? '\t<none>' : ''}\n`);
  for (const address of addresses) out.line(1, 'IP:', textAt(address, 'ip'));
}

function writeAllContainers(out: Description, pod: KubeObject): void {
  for (const [title, containers, statuses] of [
    ['Init Containers', 'spec.initContainers', 'status.initContainerStatuses'],
    ['Containers', 'spec.containers', 'status.containerStatuses'],
    ['Ephemeral Containers', 'spec.ephemeralContainers', 'status.ephemeralContainerStatuses'],
  ] as const) {
    const found = objectsAt(pod, containers);
    if (found.length === 0 && title !== 'Containers') continue;
    writeContainers(out, { title, containers: found, statuses: objectsAt(pod, statuses), pod, space: '' });
  }
}

function writePodConditions(out: Description, pod: KubeObject): void {
  const conditions = objectsAt(pod, 'status.conditions');
  const gates = objectsAt(pod, 'spec.readinessGates').map((gate) => textAt(gate, 'conditionType'));
  if (gates.length > 0) out.write(0, 'Readiness Gates:\n  Type\tStatus\n');
  for (const type of gates) {
    const condition = conditions.find((each) => textAt(each, 'type') === type);
    writeCondition(out, type, condition === undefined ? '<none>' : textAt(condition, 'status'));
  }
  if (conditions.length > 0) out.write(0, 'Conditions:\n  Type\tStatus\n');
  for (const each of conditions) writeCondition(out, textAt(each, 'type'), textAt(each, 'status'));
}

function writeCondition(out: Description, type: string, status: string): void {
  out.line(1, `${type} `, `${status} `);
}
