import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import type { Container, Pod } from '../pods/pod.ts';

/** What a debugging container is made in. */
export type DebugStyle = 'ephemeral' | 'copy' | 'node';

/** What a copy of a pod keeps of it. */
export interface KeptParts {
  readonly labels: boolean;
  readonly annotations: boolean;
  readonly liveness: boolean;
  readonly readiness: boolean;
  readonly startup: boolean;
  readonly initContainers: boolean;
}

type Profile = (pod: Pod, container: Container, style: DebugStyle, kept: KeptParts) => void;

/** What the profiles do to a pod and its debugging container; mirrors kubectl's pkg/cmd/debug/profiles.go. */
const PROFILES: Readonly<Record<string, Profile>> = {
  legacy(pod, container, style) {
    if (style === 'node') {
      mountHost(pod, container);
      useHostNamespaces(pod);
    } else if (style === 'copy') delete pod.metadata.labels;
  },
  general(pod, container, style, kept) {
    if (style === 'node') {
      mountHost(pod, container);
      delete container['securityContext'];
      useHostNamespaces(pod);
      return;
    }
    if (style === 'copy') copyParts(pod, kept);
    addCapabilities(container, 'SYS_PTRACE');
    if (style === 'copy') shareProcesses(pod);
  },
  baseline(pod, container, style, kept) {
    delete container['securityContext'];
    asCopy(pod, style, kept);
  },
  restricted(pod, container, style, kept) {
    container['securityContext'] = {
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      allowPrivilegeEscalation: false,
      seccompProfile: { type: 'RuntimeDefault' },
    };
    asCopy(pod, style, kept);
  },
  netadmin(pod, container, style, kept) {
    addCapabilities(container, 'NET_ADMIN', 'NET_RAW');
    if (style === 'node') useHostNamespaces(pod);
    asCopy(pod, style, kept);
  },
  sysadmin(pod, container, style, kept) {
    container['securityContext'] = { ...securityOf(container), privileged: true };
    if (style === 'node') {
      useHostNamespaces(pod);
      mountHost(pod, container);
    }
    asCopy(pod, style, kept);
  },
};

/** The names of the profiles. */
export const profileNames: readonly string[] = Object.keys(PROFILES);

/** The profile of a name. Throws UserError for one that does not exist. */
export function profileNamed(name: string): Profile {
  const profile = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (profile === undefined) throw new UserError(`unknown profile: ${name}`);
  return profile;
}

function asCopy(pod: Pod, style: DebugStyle, kept: KeptParts): void {
  if (style !== 'copy') return;
  copyParts(pod, kept);
  shareProcesses(pod);
}

function copyParts(pod: Pod, kept: KeptParts): void {
  const metadata: KubeObject['metadata'] = pod.metadata;
  if (!kept.labels) delete metadata.labels;
  if (!kept.annotations) delete metadata.annotations;
  for (const container of pod.spec.containers) {
    if (!kept.liveness) delete container['livenessProbe'];
    if (!kept.readiness) delete container['readinessProbe'];
    if (!kept.startup) delete container['startupProbe'];
  }
  if (!kept.initContainers) delete pod.spec.initContainers;
}

function shareProcesses({ spec }: Pod): void {
  spec['shareProcessNamespace'] ??= true;
}

function mountHost({ spec }: Pod, container: Container): void {
  const volumes = Array.isArray(spec['volumes']) ? (spec['volumes'] as unknown[]) : [];
  spec['volumes'] = [...volumes, { name: 'host-root', hostPath: { path: '/' } }];
  const mounts = container['volumeMounts'];
  const mount = { name: 'host-root', mountPath: '/host' };
  container['volumeMounts'] = [...(Array.isArray(mounts) ? mounts : []), mount];
}

function useHostNamespaces({ spec }: Pod): void {
  spec['hostNetwork'] = true;
  spec['hostPID'] = true;
  spec['hostIPC'] = true;
}

interface Security {
  readonly runAsUser?: number;
  readonly capabilities?: { readonly add?: string[] };
}

function securityOf(container: Container): Security {
  return (container['securityContext'] ?? {}) as Security;
}

function addCapabilities(container: Container, ...added: readonly string[]): void {
  const security = securityOf(container);
  const add = [...(security.capabilities?.add ?? []), ...added];
  container['securityContext'] = { ...security, capabilities: { ...security.capabilities, add } };
}
