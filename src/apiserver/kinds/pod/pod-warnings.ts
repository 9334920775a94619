import { quantityValue } from '../../../model/quantity.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { entriesIn, type Fields, isSet, numberIn, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { quantityIn } from '../resource-list.ts';
import { labelRule } from '../value-rules.ts';
import { containersWithPaths } from './windows-errors.ts';

/** Warnings for a new pod; there are none for an update. */
export function podWarnings(pod: KubeObject, old: KubeObject | undefined): string[] {
  if (old !== undefined) return [];
  const hostname = labelRule(pod.metadata.name ?? '');
  const name =
    hostname.length === 0
      ? []
      : [
          `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${hostname.join(' ')}]`,
        ];
  return [...name, ...podSpecWarnings(partOf(pod, 'spec'), pod.metadata, '')];
}

/** Warnings for a pod template at `path`. */
export function podTemplateWarnings(template: Fields, path: string): string[] {
  return podSpecWarnings(partOf(template, 'spec'), partOf(template, 'metadata'), `${path}.`);
}

/** Labels of nodes that have newer names. */
const OLD_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

const OLD_ANNOTATIONS: readonly (readonly [string, string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
];

const OLD_VOLUMES: readonly (readonly [string, string, string?])[] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+', 'storageOS'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

function podSpecWarnings(spec: Fields, metadata: Fields, prefix: string): string[] {
  return [
    ...schedulingWarnings(spec, prefix),
    ...OLD_ANNOTATIONS.filter(([key]) => textIn(partOf(metadata, 'annotations'), key) !== '').map(
      ([key, text]) => `${prefix}metadata.annotations[${key}]: ${text}`,
    ),
    ...volumeWarnings(objectsIn(spec, 'volumes'), prefix),
    ...repeatedWarnings(objectsIn(spec, 'hostAliases'), 'ip', `${prefix}spec.hostAliases`),
    ...repeatedWarnings(objectsIn(spec, 'imagePullSecrets'), 'name', `${prefix}spec.imagePullSecrets`),
    ...emptyNameWarnings(objectsIn(spec, 'imagePullSecrets'), `${prefix}spec.imagePullSecrets`),
    ...fractionWarnings(partOf(spec, 'overhead'), `${prefix}spec.overhead`),
    ...containersWithPaths(spec, `${prefix}spec`).flatMap(({ container, path }) => containerWarnings(container, path)),
    ...portWarnings(spec, prefix),
    ...graceWarnings(spec, prefix),
    ...nullSelectorWarnings(spec, prefix),
  ];
}

function schedulingWarnings(spec: Fields, prefix: string): string[] {
  const warnings = entriesIn(spec, 'nodeSelector').flatMap(([key]) => {
    const text = OLD_LABELS[key];
    return text === undefined ? [] : [`${prefix}spec.nodeSelector[${key}]: ${text}`];
  });
  for (const [index, constraint] of objectsIn(spec, 'topologySpreadConstraints').entries()) {
    const at = `${prefix}spec.topologySpreadConstraints[${index}]`;
    const key = textIn(constraint, 'topologyKey');
    const text = OLD_LABELS[key];
    if (text !== undefined) warnings.push(`${at}.topologyKey: ${key} is ${text}`);
    if (!isSet(constraint, 'labelSelector')) {
      warnings.push(`${at}.labelSelector: a null labelSelector results in matching no pod`);
    }
  }
  return warnings;
}

function volumeWarnings(volumes: readonly Fields[], prefix: string): string[] {
  return volumes.flatMap((volume, index) =>
    OLD_VOLUMES.filter(([key]) => isSet(volume, key)).map(
      ([key, text, shown = key]) => `${prefix}spec.volumes[${index}].${shown}: ${text}`,
    ),
  );
}

function repeatedWarnings(items: readonly Fields[], key: string, path: string): string[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const value = textIn(item, key);
    if (seen.has(value)) return [`${path}[${index}].${key}: duplicate ${key} ${JSON.stringify(value)}`];
    seen.add(value);
    return [];
  });
}

function emptyNameWarnings(items: readonly Fields[], path: string): string[] {
  return items.flatMap((item, index) =>
    textIn(item, 'name') === '' ? [`${path}[${index}].name: invalid empty name ""`] : [],
  );
}

function fractionWarnings(list: Fields, path: string): string[] {
  return ['memory', 'ephemeral-storage'].flatMap((name) => {
    const quantity = quantityIn(list, name);
    if (quantity === undefined || quantityValue(quantity, -3) % 1000n === 0n) return [];
    const value = JSON.stringify(String(list[name]));
    return [`${path}[${name}]: fractional byte value ${value} is invalid, must be an integer`];
  });
}

function containerWarnings(container: Fields, path: string): string[] {
  const resources = partOf(container, 'resources');
  const fractions = ['limits', 'requests'].flatMap((list) =>
    fractionWarnings(partOf(resources, list), `${path}.resources.${list}`),
  );
  const seen = new Set<string>();
  const hidden = objectsIn(container, 'env').flatMap((variable, index) => {
    const name = textIn(variable, 'name');
    const value = textIn(variable, 'value');
    const reference = `$(${name})`;
    const extends_ = !isSet(variable, 'valueFrom') && value !== reference && value.includes(reference);
    const again = seen.has(name);
    seen.add(name);
    if (!again || extends_) return [];
    const text = `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`;
    return [`${path}.env[${index}]: ${text}`];
  });
  return [...fractions, ...hidden];
}

interface UsedPort {
  readonly at: string;
  readonly hostIP: string;
  readonly hostPort: number;
}

function portWarnings(spec: Fields, prefix: string): string[] {
  const used = new Map<string, UsedPort[]>();
  const warnings: string[] = [];
  for (const { container, path } of containersWithPaths(spec, `${prefix}spec`)) {
    for (const [index, port] of objectsIn(container, 'ports').entries()) {
      const at = `${path}.ports[${index}]`;
      const mine = { at, hostIP: textIn(port, 'hostIP'), hostPort: numberIn(port, 'hostPort') ?? 0 };
      const key = `${numberIn(port, 'containerPort') ?? 0}/${textIn(port, 'protocol')}`;
      const others = used.get(key) ?? [];
      warnings.push(...others.flatMap((other) => clash(mine, other)));
      used.set(key, [...others, mine]);
    }
  }
  return warnings;
}

function clash(mine: UsedPort, other: UsedPort): string[] {
  const warn = (what: string) => [`${mine.at}: ${what} port definition with ${other.at}`];
  if (mine.hostIP === other.hostIP && mine.hostPort === other.hostPort) return warn('duplicate');
  if (mine.hostPort === 0 || other.hostPort === 0) return warn('overlapping');
  const oneIsAny = (mine.hostIP === '') !== (other.hostIP === '');
  return mine.hostPort === other.hostPort && oneIsAny ? warn('dangerously ambiguous') : [];
}

function graceWarnings(spec: Fields, prefix: string): string[] {
  if ((numberIn(spec, 'terminationGracePeriodSeconds') ?? 0) >= 0) return [];
  const text = 'must be >= 0; negative values are invalid and will be treated as 1';
  return [`${prefix}spec.terminationGracePeriodSeconds: ${text}`];
}

function nullSelectorWarnings(spec: Fields, prefix: string): string[] {
  const text = 'a null labelSelector results in matching no pod';
  return ['podAffinity', 'podAntiAffinity'].flatMap((affinity) => {
    const terms = objectIn(partOf(spec, 'affinity'), affinity) ?? {};
    const path = `${prefix}spec.affinity.${affinity}`;
    const wanted = 'requiredDuringSchedulingIgnoredDuringExecution';
    const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
    return [
      ...objectsIn(terms, wanted).flatMap((term, index) =>
        isSet(term, 'labelSelector') ? [] : [`${path}.${wanted}[${index}].labelSelector: ${text}`],
      ),
      ...objectsIn(terms, preferred).flatMap((term, index) =>
        isSet(partOf(term, 'podAffinityTerm'), 'labelSelector')
          ? []
          : [`${path}.${preferred}[${index}].podAffinityTerm.labelSelector: ${text}`],
      ),
    ];
  });
}
