import { type Fields, isSet, numberIn, partOf, stringsIn, textIn } from '../kinds/fields.ts';
import { named, namesOf, type PodParts, quoted, type SecurityCheck } from './pod-parts.ts';

const VOLUMES: readonly string[] = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** The rules of the level `restricted` beside those of `baseline`, in the order in which a server tells of them. */
export const RESTRICTED_CHECKS: readonly SecurityCheck[] = [
  { id: 'allowPrivilegeEscalation', reason: 'allowPrivilegeEscalation != false', violation: escalation },
  {
    id: 'capabilities_restricted',
    reason: 'unrestricted capabilities',
    overrides: ['capabilities_baseline'],
    violation: capabilities,
  },
  { id: 'restrictedVolumes', reason: 'restricted volume types', overrides: ['hostPathVolumes'], violation: volumes },
  { id: 'runAsNonRoot', reason: 'runAsNonRoot != true', violation: runAsNonRoot },
  { id: 'runAsUser', reason: 'runAsUser=0', violation: runAsUser },
  {
    id: 'seccompProfile_restricted',
    reason: 'seccompProfile',
    overrides: ['seccompProfile_baseline'],
    violation: seccomp,
  },
];

/** Windows has no such things. */
function isWindows({ spec }: PodParts): boolean {
  return textIn(partOf(spec, 'os'), 'name') === 'windows';
}

function escalation(pod: PodParts): string | undefined {
  if (isWindows(pod)) return undefined;
  const names = namesOf(pod, ({ context }) => context['allowPrivilegeEscalation'] !== false);
  if (names.length === 0) return undefined;
  return `${named('container', names)} must set securityContext.allowPrivilegeEscalation=false`;
}

function capabilities(pod: PodParts): string | undefined {
  if (isWindows(pod)) return undefined;
  const listed = (context: Fields, list: string): string[] => stringsIn(partOf(context, 'capabilities'), list);
  const extra = (context: Fields): string[] => listed(context, 'add').filter((name) => name !== 'NET_BIND_SERVICE');
  const keeping = namesOf(pod, ({ context }) => !listed(context, 'drop').includes('ALL'));
  const adding = namesOf(pod, ({ context }) => extra(context).length > 0);
  const parts: string[] = [];
  if (keeping.length > 0) {
    parts.push(`${named('container', keeping)} must set securityContext.capabilities.drop=["ALL"]`);
  }
  if (adding.length > 0) {
    const all = [...new Set(pod.containers.flatMap(({ context }) => extra(context)))].sort();
    parts.push(`${named('container', adding)} must not include ${quoted(all)} in securityContext.capabilities.add`);
  }
  return parts.length === 0 ? undefined : parts.join('; ');
}

function volumes(pod: PodParts): string | undefined {
  const bad = pod.volumes.filter((volume) => !VOLUMES.some((type) => isSet(volume, type)));
  if (bad.length === 0) return undefined;
  const types = [...new Set(bad.map(typeOf))].sort();
  const uses = `${bad.length === 1 ? 'uses' : 'use'} restricted volume type${types.length === 1 ? '' : 's'}`;
  const names = bad.map((volume) => textIn(volume, 'name'));
  return `${named('volume', names)} ${uses} ${quoted(types)}`;
}

function typeOf(volume: Fields): string {
  return Object.keys(volume).find((field) => field !== 'name' && isSet(volume, field)) ?? 'unknown';
}

function runAsNonRoot(pod: PodParts): string | undefined {
  const setting = (context: Fields): unknown => context['runAsNonRoot'] ?? undefined;
  const explicit = namesOf(pod, ({ context }) => setting(context) === false);
  const wrong = [
    ...(setting(pod.context) === false ? ['pod'] : []),
    ...(explicit.length === 0 ? [] : [named('container', explicit)]),
  ];
  if (wrong.length > 0) return `${wrong.join(' and ')} must not set securityContext.runAsNonRoot=false`;
  if (setting(pod.context) === true) return undefined;
  const silent = namesOf(pod, ({ context }) => setting(context) === undefined);
  if (silent.length === 0) return undefined;
  return `pod or ${named('container', silent)} must set securityContext.runAsNonRoot=true`;
}

function runAsUser(pod: PodParts): string | undefined {
  const isRoot = (context: Fields): boolean => numberIn(context, 'runAsUser') === 0;
  const names = namesOf(pod, ({ context }) => isRoot(context));
  const wrong = [...(isRoot(pod.context) ? ['pod'] : []), ...(names.length === 0 ? [] : [named('container', names)])];
  return wrong.length === 0 ? undefined : `${wrong.join(' and ')} must not set runAsUser=0`;
}

function seccomp(pod: PodParts): string | undefined {
  if (isWindows(pod)) return undefined;
  const type = (context: Fields): string => textIn(partOf(context, 'seccompProfile'), 'type');
  const good = (context: Fields): boolean => ['RuntimeDefault', 'Localhost'].includes(type(context));
  const explicit = namesOf(pod, ({ context }) => type(context) !== '' && !good(context));
  const podIsWrong = type(pod.context) !== '' && !good(pod.context);
  const wrong = [...(podIsWrong ? ['pod'] : []), ...(explicit.length === 0 ? [] : [named('container', explicit)])];
  if (wrong.length > 0) {
    return `${wrong.join(' and ')} must not set securityContext.seccompProfile.type to "Unconfined"`;
  }
  if (good(pod.context)) return undefined;
  const silent = namesOf(pod, ({ context }) => type(context) === '');
  if (silent.length === 0) return undefined;
  const what = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  return `pod or ${named('container', silent)} ${what}`;
}
