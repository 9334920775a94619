import { compareBytes } from '../../model/byte-order.ts';
import { goQuote } from '../../model/go-text.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { writeEnv, writeEnvFrom } from './container-env.ts';
import { writeContainerState } from './container-state.ts';
import type { Description } from './description.ts';
import {
  type Fields,
  flagAt,
  has,
  mapAt,
  numberAt,
  objectsAt,
  sortedEntries,
  stringsAt,
  textAt,
  valueAt,
} from './fields.ts';
import { probeText } from './probe-text.ts';
import { quantityText } from './quantity-text.ts';

/** Containers of a pod or of a pod template. */
export interface ContainerList {
  /** `Containers`, `Init Containers` … */
  readonly title: string;
  readonly containers: readonly Fields[];
  /** Of a pod. */
  readonly statuses?: readonly Fields[];
  /** The pod that fields in the environment are read from. */
  readonly pod?: KubeObject;
  /** Before titles: two blanks in a pod template. */
  readonly space: string;
}

/** Containers with all that a description says of each. */
export function writeContainers(
  out: Description,
  { title, containers, statuses = [], pod, space }: ContainerList,
): void {
  out.write(0, `${space}${title}:${containers.length === 0 ? ' <none>' : ''}\n`);
  const statusOf = new Map(statuses.map((status) => [textAt(status, 'name'), status]));
  for (const container of containers) {
    const name = textAt(container, 'name');
    const status = statusOf.get(name);
    out.line(1, `${space === '' ? '' : ' '}${name}:`);
    writeBasics(out, container, status);
    writeTexts(out, 'Command', stringsAt(container, 'command'));
    writeTexts(out, 'Args', stringsAt(container, 'args'));
    if (status !== undefined) writeContainerState(out, status);
    writeResources(out, valueAt(container, 'resources'), 2);
    writeProbes(out, container);
    writeEnvFrom(out, container);
    writeEnv(out, container, pod);
    writeMounts(out, container);
  }
}

function writeBasics(out: Description, container: Fields, status: Fields | undefined): void {
  if (status !== undefined) out.line(2, 'Container ID:', textAt(status, 'containerID'));
  out.line(2, 'Image:', textAt(container, 'image'));
  if (status !== undefined) out.line(2, 'Image ID:', textAt(status, 'imageID'));
  writePorts(out, 'Port', container, 'containerPort');
  writePorts(out, 'Host Port', container, 'hostPort');
  writeSeccompProfile(out, container, 2, 3);
}

/** securityContext.seccompProfile of a container or a pod's spec. */
export function writeSeccompProfile(out: Description, holder: unknown, level: number, nested: number): void {
  const profile = valueAt(holder, 'securityContext.seccompProfile');
  if (profile === undefined) return;
  out.line(level, 'SeccompProfile:', textAt(profile, 'type'));
  if (textAt(profile, 'type') !== 'Localhost') return;
  out.line(nested, 'LocalhostProfile:', textAt(profile, 'localhostProfile'));
}

function writePorts(out: Description, title: string, container: Fields, field: string): void {
  const texts = objectsAt(container, 'ports').map((port) => {
    const name = textAt(port, 'name');
    return `${numberAt(port, field)}/${textAt(port, 'protocol')}${name === '' ? '' : ` (${name})`}`;
  });
  out.line(2, texts.length > 1 ? `${title}s:` : `${title}:`, texts.join(', ') || '<none>');
}

function writeTexts(out: Description, title: string, texts: readonly string[]): void {
  if (texts.length === 0) return;
  out.line(2, `${title}:`);
  for (const line of texts.flatMap((text) => text.split('\n'))) out.line(3, line);
}

/** Limits and requests, where there are any. */
export function writeResources(out: Description, resources: unknown, level: number): void {
  for (const [title, field] of [
    ['Limits', 'limits'],
    ['Requests', 'requests'],
  ] as const) {
    const entries = sortedEntries(mapAt(resources, field));
    if (entries.length > 0) out.line(level, `${title}:`);
    for (const [name, quantity] of entries) out.line(level + 1, `${name}:`, quantityText(quantity));
  }
}

function writeProbes(out: Description, container: Fields): void {
  for (const [title, field] of [
    ['Liveness', 'livenessProbe'],
    ['Readiness', 'readinessProbe'],
    ['Startup', 'startupProbe'],
  ] as const) {
    if (has(container, field)) out.line(2, `${title}:`, probeText(valueAt(container, field)));
  }
}

function writeMounts(out: Description, container: Fields): void {
  const mounts = sortedBy(objectsAt(container, 'volumeMounts'), 'mountPath');
  const none = mounts.length === 0 ? '\t<none>' : '';
  out.write(2, `Mounts:${none}\n`);
  for (const mount of mounts) {
    const subPath = textAt(mount, 'subPath');
    const flags = `${flagAt(mount, 'readOnly') ? 'ro' : 'rw'}${subPath === '' ? '' : `,path=${goQuote(subPath)}`}`;
    out.line(3, `${textAt(mount, 'mountPath')} from ${textAt(mount, 'name')} (${flags})`);
  }
  const devices = sortedBy(objectsAt(container, 'volumeDevices'), 'devicePath');
  if (devices.length === 0) return;
  out.write(2, `Devices:${none}\n`);
  for (const device of devices) out.line(3, `${textAt(device, 'devicePath')} from ${textAt(device, 'name')}`);
}

function sortedBy(objects: Fields[], field: string): Fields[] {
  return objects.sort((left, right) => compareBytes(textAt(left, field), textAt(right, field)));
}
