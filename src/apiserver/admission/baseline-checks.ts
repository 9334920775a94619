import {
  type Fields,
  flagIn,
  isSet,
  numberIn,
  objectIn,
  objectsIn,
  partOf,
  stringsIn,
  textIn,
} from '../kinds/fields.ts';
import { type ContainerParts, named, namesOf, type PodParts, quoted, type SecurityCheck } from './pod-parts.ts';

const CAPABILITIES: readonly string[] = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];
const SYSCTLS: readonly string[] = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
];
const SELINUX_TYPES: readonly string[] = [
  '',
  'container_engine_t',
  'container_init_t',
  'container_kvm_t',
  'container_t',
];

/** The rules of the level `baseline`, in the order in which a server tells of them. */
export const BASELINE_CHECKS: readonly SecurityCheck[] = [
  { id: 'appArmorProfile', reason: 'forbidden AppArmor profile', violation: appArmor },
  { id: 'capabilities_baseline', reason: 'non-default capabilities', violation: capabilities },
  { id: 'hostNamespaces', reason: 'host namespaces', violation: hostNamespaces },
  { id: 'hostPathVolumes', reason: 'hostPath volumes', violation: hostPaths },
  { id: 'hostPorts', reason: 'hostPort', violation: hostPorts },
  { id: 'privileged', reason: 'privileged', violation: privileged },
  { id: 'procMount', reason: 'procMount', violation: procMount },
  { id: 'seLinuxOptions', reason: 'seLinuxOptions', violation: seLinux },
  { id: 'seccompProfile_baseline', reason: 'seccompProfile', violation: seccomp },
  { id: 'sysctls', reason: 'forbidden sysctls', violation: sysctls },
  { id: 'windowsHostProcess', reason: 'hostProcess', violation: hostProcess },
];

function whose(pod: boolean, names: readonly string[]): string {
  const parts = [...(pod ? ['pod'] : []), ...(names.length === 0 ? [] : [named('container', names)])];
  return parts.join(' and ');
}

function appArmor(pod: PodParts): string | undefined {
  const bad = (context: Fields): boolean => textIn(partOf(context, 'appArmorProfile'), 'type') === 'Unconfined';
  const names = namesOf(pod, ({ context }) => bad(context));
  if (!bad(pod.context) && names.length === 0) return undefined;
  return `${whose(bad(pod.context), names)} must not set AppArmor profile type to "Unconfined"`;
}

function added({ context }: ContainerParts): string[] {
  return stringsIn(partOf(context, 'capabilities'), 'add').filter((name) => !CAPABILITIES.includes(name));
}

function capabilities(pod: PodParts): string | undefined {
  const names = namesOf(pod, (container) => added(container).length > 0);
  if (names.length === 0) return undefined;
  const all = [...new Set(pod.containers.flatMap(added))].sort();
  return `${named('container', names)} must not include ${quoted(all)} in securityContext.capabilities.add`;
}

function hostNamespaces({ spec }: PodParts): string | undefined {
  const set = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => flagIn(spec, field));
  return set.length === 0 ? undefined : set.map((field) => `${field}=true`).join(', ');
}

function hostPaths({ volumes }: PodParts): string | undefined {
  const names = volumes.filter((volume) => isSet(volume, 'hostPath')).map((volume) => textIn(volume, 'name'));
  return names.length === 0 ? undefined : named('volume', names);
}

function portsOf({ container }: ContainerParts): number[] {
  return objectsIn(container, 'ports')
    .map((port) => numberIn(port, 'hostPort') ?? 0)
    .filter((port) => port !== 0);
}

function hostPorts(pod: PodParts): string | undefined {
  const names = namesOf(pod, (container) => portsOf(container).length > 0);
  if (names.length === 0) return undefined;
  const ports = [...new Set(pod.containers.flatMap(portsOf).map(String))].sort();
  const uses = `${names.length === 1 ? 'uses' : 'use'} hostPort${ports.length === 1 ? '' : 's'}`;
  return `${named('container', names)} ${uses} ${ports.join(', ')}`;
}

function privileged(pod: PodParts): string | undefined {
  const names = namesOf(pod, ({ context }) => flagIn(context, 'privileged'));
  return names.length === 0 ? undefined : `${named('container', names)} must not set securityContext.privileged=true`;
}

function procMount(pod: PodParts): string | undefined {
  const mount = ({ context }: ContainerParts): string => textIn(context, 'procMount');
  const bad = (container: ContainerParts): boolean => !['', 'Default'].includes(mount(container));
  const names = namesOf(pod, bad);
  if (names.length === 0) return undefined;
  const mounts = [...new Set(pod.containers.filter(bad).map(mount))].sort();
  return `${named('container', names)} must not set securityContext.procMount to ${quoted(mounts)}`;
}

function seLinux(pod: PodParts): string | undefined {
  const bad = (context: Fields): boolean => {
    const options = partOf(context, 'seLinuxOptions');
    const setsOwn = textIn(options, 'user') !== '' || textIn(options, 'role') !== '';
    return setsOwn || !SELINUX_TYPES.includes(textIn(options, 'type'));
  };
  const names = namesOf(pod, ({ context }) => bad(context));
  if (!bad(pod.context) && names.length === 0) return undefined;
  const options = [pod.context, ...pod.containers.map(({ context }) => context)].map((each) =>
    partOf(each, 'seLinuxOptions'),
  );
  const values = (field: string, allowed: readonly string[]): string[] =>
    [...new Set(options.map((each) => textIn(each, field)).filter((value) => !allowed.includes(value)))].sort();
  const types = values('type', SELINUX_TYPES);
  const parts = [
    ...(types.length === 0 ? [] : [`type${types.length === 1 ? '' : 's'} ${quoted(types)}`]),
    ...(values('user', ['']).length === 0 ? [] : ['user may not be set']),
    ...(values('role', ['']).length === 0 ? [] : ['role may not be set']),
  ];
  const sets = `${whose(bad(pod.context), names)} set forbidden securityContext.seLinuxOptions`;
  return `${sets}: ${parts.join('; ')}`;
}

function seccomp(pod: PodParts): string | undefined {
  const bad = (context: Fields): boolean => textIn(partOf(context, 'seccompProfile'), 'type') === 'Unconfined';
  const names = namesOf(pod, ({ context }) => bad(context));
  if (!bad(pod.context) && names.length === 0) return undefined;
  return `${whose(bad(pod.context), names)} must not set securityContext.seccompProfile.type to "Unconfined"`;
}

function sysctls({ context }: PodParts): string | undefined {
  const names = objectsIn(context, 'sysctls')
    .map((sysctl) => textIn(sysctl, 'name'))
    .filter((name) => !SYSCTLS.includes(name));
  return names.length === 0 ? undefined : names.join(', ');
}

function hostProcess(pod: PodParts): string | undefined {
  const bad = (context: Fields): boolean => flagIn(objectIn(context, 'windowsOptions') ?? {}, 'hostProcess');
  const names = namesOf(pod, ({ context }) => bad(context));
  if (!bad(pod.context) && names.length === 0) return undefined;
  return `${whose(bad(pod.context), names)} must not set securityContext.windowsOptions.hostProcess=true`;
}
