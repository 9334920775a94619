import {
  type FieldError,
  duplicate,
  fieldForbidden,
  invalidValue,
  notSupported,
  required,
  tooLong,
} from '../../../model/field-error.ts';
import { type Fields, flagIn, isSet, numberIn, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { identityErrors } from '../value-rules.ts';
import { descendingPathErrors } from './path-errors.ts';
import { windowsOptionsErrors } from './windows-errors.ts';

function idErrors(context: Fields, key: string, path: string): FieldError[] {
  const id = numberIn(context, key);
  return id === undefined ? [] : identityErrors(id).map((text) => invalidValue(`${path}.${key}`, id, text));
}

function oneOf(context: Fields, key: string, place: { path: string; choices: readonly string[] }): FieldError[] {
  if (!isSet(context, key)) return [];
  const value = textIn(context, key);
  return place.choices.includes(value) ? [] : [notSupported(`${place.path}.${key}`, value, place.choices)];
}

/** What is wrong with the security context of a pod (validatePodSpecSecurityContext). */
export function podSecurityErrors(spec: Fields, path: string): FieldError[] {
  const context = objectIn(spec, 'securityContext');
  if (context === undefined) return [];
  const errors = ['fsGroup', 'runAsUser', 'runAsGroup'].flatMap((key) => idErrors(context, key, path));
  const groups = context['supplementalGroups'];
  for (const [index, group] of (Array.isArray(groups) ? groups : []).entries()) {
    const at = `${path}.supplementalGroups[${index}]`;
    errors.push(...identityErrors(Number(group)).map((text) => invalidValue(at, group, text)));
  }
  if (flagIn(spec, 'shareProcessNamespace') && flagIn(spec, 'hostPID')) {
    const detail = 'ShareProcessNamespace and HostPID cannot both be enabled';
    errors.push(invalidValue(`${path}.shareProcessNamespace`, true, detail));
  }
  errors.push(...sysctlErrors(spec, objectsIn(context, 'sysctls'), `${path}.sysctls`));
  errors.push(...oneOf(context, 'fsGroupChangePolicy', { path, choices: ['Always', 'OnRootMismatch'] }));
  errors.push(...seccompErrors(objectIn(context, 'seccompProfile'), `${path}.seccompProfile`));
  errors.push(...windowsOptionsErrors(objectIn(context, 'windowsOptions'), `${path}.windowsOptions`));
  errors.push(...appArmorErrors(objectIn(context, 'appArmorProfile'), `${path}.appArmorProfile`));
  errors.push(...oneOf(context, 'supplementalGroupsPolicy', { path, choices: ['Merge', 'Strict'] }));
  errors.push(...oneOf(context, 'seLinuxChangePolicy', { path, choices: ['MountOption', 'Recursive'] }));
  return errors;
}

const SYSCTL = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SYSCTL_PATTERN = `^(${SYSCTL}[\\./])*${SYSCTL}$`;
const LONGEST_SYSCTL = 253;

function sysctlErrors(spec: Fields, sysctls: readonly Fields[], path: string): FieldError[] {
  const names = new Set<string>();
  return sysctls.flatMap((sysctl, index) => {
    const field = `${path}[${index}].name`;
    const name = textIn(sysctl, 'name');
    const errors: FieldError[] = [];
    if (name === '') errors.push(required(field));
    else if (name.length > LONGEST_SYSCTL || !new RegExp(SYSCTL_PATTERN).test(name)) {
      const detail = `must have at most ${LONGEST_SYSCTL} characters and match regex ${SYSCTL_PATTERN}`;
      errors.push(invalidValue(field, name, detail));
    } else if (names.has(name)) errors.push(duplicate(field, name));
    names.add(name);
    return [...errors, ...hostSysctlErrors(spec, name, field)];
  });
}

/** Settings of a namespace that the pod shares with its host. */
function hostSysctlErrors(spec: Fields, name: string, field: string): FieldError[] {
  const dotted = name.replaceAll('/', '.');
  const shared = (key: string) => [invalidValue(field, name, `may not be specified when '${key}' is true`)];
  if (flagIn(spec, 'hostNetwork') && dotted.startsWith('net.')) return shared('hostNetwork');
  const ofIpc = /^(kernel\.(sem|msg|shm)|fs\.mqueue\.)/.test(dotted);
  return flagIn(spec, 'hostIPC') && ofIpc ? shared('hostIPC') : [];
}

const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function seccompErrors(profile: Fields | undefined, path: string): FieldError[] {
  if (profile === undefined) return [];
  const type = textIn(profile, 'type');
  const errors: FieldError[] = [];
  if (type === '') errors.push(required(`${path}.type`, 'type is required when seccompProfile is set'));
  else if (!PROFILES.includes(type)) errors.push(notSupported(`${path}.type`, type, PROFILES));
  const field = `${path}.localhostProfile`;
  if (type !== 'Localhost') {
    if (!isSet(profile, 'localhostProfile')) return errors;
    return [...errors, invalidValue(field, profile, 'can only be set when seccomp type is Localhost')];
  }
  if (!isSet(profile, 'localhostProfile')) {
    return [...errors, required(field, 'must be set when seccomp type is Localhost')];
  }
  return [...errors, ...descendingPathErrors(field, textIn(profile, 'localhostProfile'))];
}

const LONGEST_PROFILE = 4095;

function appArmorErrors(profile: Fields | undefined, path: string): FieldError[] {
  if (profile === undefined) return [];
  const type = textIn(profile, 'type');
  const field = `${path}.localhostProfile`;
  if (type === '') return [required(`${path}.type`, 'type is required when appArmorProfile is set')];
  if (!PROFILES.includes(type)) return [notSupported(`${path}.type`, type, PROFILES)];
  const local = textIn(profile, 'localhostProfile');
  if (type !== 'Localhost') {
    if (!isSet(profile, 'localhostProfile')) return [];
    return [invalidValue(field, local, 'can only be set when AppArmor type is Localhost')];
  }
  const missing = 'must be set when AppArmor type is Localhost';
  if (!isSet(profile, 'localhostProfile')) return [required(field, missing)];
  const errors: FieldError[] = [];
  if (local.trim() !== local) errors.push(invalidValue(field, local, 'must not be padded with whitespace'));
  else if (local === '') errors.push(required(field, missing));
  if (Buffer.byteLength(local) > LONGEST_PROFILE) errors.push(tooLong(field, LONGEST_PROFILE));
  return errors;
}

/** What is wrong with the security context of a container (ValidateSecurityContext). Privileged ones are allowed. */
export function containerSecurityErrors(container: Fields, path: string, hostUsers: boolean): FieldError[] {
  const context = objectIn(container, 'securityContext');
  if (context === undefined) return [];
  const errors = ['runAsUser', 'runAsGroup'].flatMap((key) => idErrors(context, key, path));
  errors.push(...oneOf(context, 'procMount', { path, choices: ['Default', 'Unmasked'] }));
  if (hostUsers && textIn(context, 'procMount') === 'Unmasked') {
    errors.push(invalidValue(`${path}.procMount`, 'Unmasked', '`hostUsers` must be false to use `Unmasked`'));
  }
  errors.push(...seccompErrors(objectIn(context, 'seccompProfile'), `${path}.seccompProfile`));
  errors.push(...escalationErrors(context, path));
  errors.push(...windowsOptionsErrors(objectIn(context, 'windowsOptions'), `${path}.windowsOptions`));
  errors.push(...appArmorErrors(objectIn(context, 'appArmorProfile'), `${path}.appArmorProfile`));
  return errors;
}

function escalationErrors(context: Fields, path: string): FieldError[] {
  if (context['allowPrivilegeEscalation'] !== false) return [];
  const cannot = (what: string) =>
    invalidValue(path, context, `cannot set \`allowPrivilegeEscalation\` to false and ${what}`);
  const errors: FieldError[] = [];
  if (flagIn(context, 'privileged')) errors.push(cannot('`privileged` to true'));
  for (const capability of stringsIn(partOf(context, 'capabilities'), 'add')) {
    if (capability === 'CAP_SYS_ADMIN') errors.push(cannot('`capabilities.Add` CAP_SYS_ADMIN'));
  }
  return errors;
}

/** Host namespaces that a pod with users of its own may not have (validateHostUsers). */
export function hostUsersErrors(spec: Fields, path: string): FieldError[] {
  if (spec['hostUsers'] !== false) return [];
  const fields: readonly (readonly [string, string])[] = [
    ['hostNetwork', 'hostNetwork'],
    ['hostPID', 'HostPID'],
    ['hostIPC', 'HostIPC'],
  ];
  return fields
    .filter(([key]) => flagIn(spec, key))
    .map(([, shown]) => fieldForbidden(`${path}.${shown}`, 'when `pod.Spec.HostUsers` is false'));
}
