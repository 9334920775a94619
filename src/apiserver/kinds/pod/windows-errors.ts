import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { type Fields, flagIn, isSet, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { subdomainRule } from '../value-rules.ts';

const MOST_SPEC_KIB = 64;
const LONGEST_DOMAIN = 256;
const LONGEST_USER = 104;
const NETBIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const DNS_LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const DNS_NAME = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`);

/** What is wrong with the Windows options of a security context (validateWindowsSecurityContextOptions). */
export function windowsOptionsErrors(options: Fields | undefined, path: string): FieldError[] {
  if (options === undefined) return [];
  const errors: FieldError[] = [];
  if (isSet(options, 'gmsaCredentialSpecName')) {
    const name = textIn(options, 'gmsaCredentialSpecName');
    errors.push(...subdomainRule(name).map((text) => invalidValue(`${path}.gmsaCredentialSpecName`, name, text)));
  }
  if (isSet(options, 'gmsaCredentialSpec')) {
    const spec = textIn(options, 'gmsaCredentialSpec');
    const wrong = (detail: string) => errors.push(invalidValue(`${path}.gmsaCredentialSpec`, spec, detail));
    if (spec === '') wrong('gmsaCredentialSpec cannot be an empty string');
    else if (Buffer.byteLength(spec) > MOST_SPEC_KIB * 1024) {
      wrong(`gmsaCredentialSpec size must be under ${MOST_SPEC_KIB} KiB`);
    }
  }
  if (isSet(options, 'runAsUserName')) {
    const name = textIn(options, 'runAsUserName');
    errors.push(...userNameFaults(name).map((text) => invalidValue(`${path}.runAsUserName`, name, text)));
  }
  return errors;
}

function userNameFaults(name: string): string[] {
  if (name === '') return ['runAsUserName cannot be an empty string'];
  if (/\p{Cc}/u.test(name)) return ['runAsUserName cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const user = parts.at(-1) ?? '';
  const domain = parts.length === 2 ? (parts[0] ?? '') : undefined;
  const faults: string[] = [];
  if (domain !== undefined && domain.length >= LONGEST_DOMAIN) {
    faults.push(`runAsUserName's Domain length must be under ${LONGEST_DOMAIN} characters`);
  }
  if (domain !== undefined && !NETBIOS.test(domain) && !DNS_NAME.test(domain)) {
    faults.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  }
  if (user === '') faults.push("runAsUserName's User cannot be empty");
  else if (user.length > LONGEST_USER) {
    faults.push(`runAsUserName's User length must not be longer than ${LONGEST_USER} characters`);
  }
  if (/^[. ]+$/.test(user)) faults.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    faults.push(`runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
  }
  return faults;
}

/** Every container of a pod spec with its path, in the server's order of visits. */
export function containersWithPaths(spec: Fields, path: string): { container: Fields; path: string }[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    objectsIn(spec, list).map((container, index) => ({ container, path: `${path}.${list}[${index}]` })),
  );
}

/** What is wrong with a pod of host processes, which are all or none (validateWindowsHostProcessPod). */
export function hostProcessErrors(spec: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const ofPod = partOf(spec, 'securityContext', 'windowsOptions')['hostProcess'];
  const containers = containersWithPaths(spec, path);
  let hostProcesses = 0;
  for (const { container, path: at } of containers) {
    const own = partOf(container, 'securityContext', 'windowsOptions')['hostProcess'];
    if (typeof ofPod === 'boolean' && typeof own === 'boolean' && ofPod !== own) {
      const detail = `pod hostProcess value must be identical if both are specified, was ${ofPod}`;
      errors.push(invalidValue(`${at}.securityContext.windowsOptions.hostProcess`, own, detail));
    }
    if ((typeof own === 'boolean' ? own : ofPod) === true) hostProcesses++;
  }
  if (hostProcesses === 0) return errors;
  if (hostProcesses !== containers.length) {
    const detail = 'If pod contains any hostProcess containers then all containers must be HostProcess containers';
    errors.push(invalidValue(path, '', detail));
  }
  if (!flagIn(spec, 'hostNetwork')) {
    const detail = 'hostNetwork must be true if pod contains any hostProcess containers';
    errors.push(invalidValue(`${path}.hostNetwork`, false, detail));
  }
  return errors;
}

const POD_CONTEXT_OF_LINUX = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'seLinuxChangePolicy',
];
const CONTAINER_CONTEXT_OF_LINUX = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
];

/** Fields that the operating system of a pod does not know (validateOS, validateLinux, validateWindows). */
export function operatingSystemErrors(spec: Fields, path: string): FieldError[] {
  const system = objectIn(spec, 'os');
  if (system === undefined) return [];
  const name = textIn(system, 'name');
  if (name === '') return [required(`${path}.os.name`, 'cannot be empty')];
  if (name === 'linux') return linuxErrors(spec, path);
  if (name === 'windows') return windowsErrors(spec, path);
  return [notSupported(`${path}.os`, name, ['linux', 'windows'])];
}

function linuxErrors(spec: Fields, path: string): FieldError[] {
  return [{ container: spec, path }, ...containersWithPaths(spec, path)]
    .filter(({ container }) => isSet(partOf(container, 'securityContext'), 'windowsOptions'))
    .map(({ path: at }) =>
      fieldForbidden(`${at}.securityContext.windowsOptions`, 'windows options cannot be set for a linux pod'),
    );
}

function windowsErrors(spec: Fields, path: string): FieldError[] {
  const detail = 'cannot be set for a windows pod';
  const ofPod = POD_CONTEXT_OF_LINUX.filter((key) => isSet(partOf(spec, 'securityContext'), key)).map((key) =>
    fieldForbidden(`${path}.securityContext.${key}`, detail),
  );
  const shared = ['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace']
    .filter((key) => (key.startsWith('hostU') || key.startsWith('share') ? isSet(spec, key) : flagIn(spec, key)))
    .map((key) => fieldForbidden(`${path}.${key}`, detail));
  const ofContainers = containersWithPaths(spec, path).flatMap(({ container, path: at }) =>
    CONTAINER_CONTEXT_OF_LINUX.filter((key) => isSet(partOf(container, 'securityContext'), key)).map((key) =>
      fieldForbidden(`${at}.securityContext.${key}`, detail),
    ),
  );
  return [...ofPod, ...shared, ...ofContainers];
}
