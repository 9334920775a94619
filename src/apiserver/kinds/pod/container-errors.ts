import {
  duplicate,
  type FieldError,
  fieldForbidden,
  fieldNotFound,
  invalidValue,
  notSupported,
  required,
} from '../../../model/field-error.ts';
import { choiceErrors, ruleErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectsIn, partOf, textIn } from '../fields.ts';
import { labelRule, portNameRule, portNumberErrors } from '../value-rules.ts';
import { variableSourcesErrors, variablesErrors } from './env-errors.ts';
import { devicesErrors, mountsErrors, type Volumes } from './mount-errors.ts';
import { noProbesErrors, probesErrors } from './probe-errors.ts';
import { requirementsErrors } from './resource-errors.ts';
import { containerSecurityErrors } from './security-errors.ts';

/** What the containers of a pod have in common. */
export interface ContainerSurroundings {
  readonly volumes: Volumes;
  readonly claims: ReadonlySet<string>;
  /** The pod's terminationGracePeriodSeconds. */
  readonly gracePeriod: number | undefined;
  readonly hostUsers: boolean;
  /** The pod's restart policy. */
  readonly restartPolicy: string;
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const MESSAGE_POLICIES = ['File', 'FallbackToLogsOnError'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

/** What is wrong with a container of any kind (validateContainerCommon). */
function commonErrors(container: Fields, around: ContainerSurroundings, path: string): FieldError[] {
  const name = textIn(container, 'name');
  const errors = name === '' ? [required(`${path}.name`)] : ruleErrors(`${path}.name`, name, labelRule);
  if (textIn(container, 'image') === '') errors.push(required(`${path}.image`));
  const messages = textIn(container, 'terminationMessagePolicy');
  errors.push(...choiceErrors(`${path}.terminationMessagePolicy`, messages, MESSAGE_POLICIES));
  errors.push(...portsErrors(container, `${path}.ports`));
  errors.push(...variablesErrors(container, path), ...variableSourcesErrors(container, path));
  errors.push(...mountsErrors(container, around.volumes, path), ...devicesErrors(container, around.volumes, path));
  errors.push(...choiceErrors(`${path}.imagePullPolicy`, textIn(container, 'imagePullPolicy'), PULL_POLICIES));
  const place = { path: `${path}.resources`, level: 'container', claims: around.claims } as const;
  errors.push(...requirementsErrors(partOf(container, 'resources'), place));
  errors.push(...resizePolicyErrors(container, around.restartPolicy, `${path}.resizePolicy`));
  errors.push(...containerSecurityErrors(container, `${path}.securityContext`, around.hostUsers));
  return errors;
}

function portsErrors(container: Fields, path: string): FieldError[] {
  const names = new Set<string>();
  return objectsIn(container, 'ports').flatMap((port, index) => {
    const at = `${path}[${index}]`;
    const name = textIn(port, 'name');
    const errors = name === '' ? [] : ruleErrors(`${at}.name`, name, portNameRule);
    if (name !== '' && errors.length === 0) {
      if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
      names.add(name);
    }
    const number = numberIn(port, 'containerPort') ?? 0;
    if (number === 0) errors.push(required(`${at}.containerPort`));
    else errors.push(...portNumberErrors(number).map((text) => invalidValue(`${at}.containerPort`, number, text)));
    const hostPort = numberIn(port, 'hostPort') ?? 0;
    if (hostPort !== 0) {
      errors.push(...portNumberErrors(hostPort).map((text) => invalidValue(`${at}.hostPort`, hostPort, text)));
    }
    return [...errors, ...choiceErrors(`${at}.protocol`, textIn(port, 'protocol'), PROTOCOLS)];
  });
}

function resizePolicyErrors(container: Fields, podPolicy: string, path: string): FieldError[] {
  const seen = new Set<string>();
  return objectsIn(container, 'resizePolicy').flatMap((policy, index) => {
    const resource = textIn(policy, 'resourceName');
    const restart = textIn(policy, 'restartPolicy');
    const errors = seen.has(resource) ? [duplicate(`${path}[${index}]`, resource)] : [];
    seen.add(resource);
    errors.push(...choiceErrors(path, resource, ['cpu', 'memory']));
    errors.push(...choiceErrors(path, restart, ['NotRequired', 'RestartContainer']));
    if (podPolicy === 'Never' && restart !== 'NotRequired') {
      errors.push(invalidValue(path, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    }
    return errors;
  });
}

const RESTART_POLICIES = ['Always', 'Never', 'OnFailure'];

/** A restart policy of the container's own, and the rules that go with one. */
function restartErrors(container: Fields, path: string): FieldError[] {
  const policy = textIn(container, 'restartPolicy');
  const errors: FieldError[] = [];
  if (isSet(container, 'restartPolicy') && !RESTART_POLICIES.includes(policy)) {
    errors.push(notSupported(`${path}.restartPolicy`, policy, RESTART_POLICIES));
  }
  if (objectsIn(container, 'restartPolicyRules').length > 0 && !isSet(container, 'restartPolicy')) {
    errors.push(required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used'));
  }
  return errors;
}

/** Host ports that two containers, or one container twice, would take (checkHostPortConflicts). */
function hostPortErrors(containers: readonly Fields[], path: string): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap((container, index) =>
    objectsIn(container, 'ports').flatMap((port, portIndex) => {
      const number = numberIn(port, 'hostPort') ?? 0;
      if (number === 0) return [];
      const key = `${textIn(port, 'protocol')}/${textIn(port, 'hostIP')}/${number}`;
      if (taken.has(key)) return [duplicate(`${path}[${index}].ports[${portIndex}].hostPort`, key)];
      taken.add(key);
      return [];
    }),
  );
}

/** What is wrong with the containers of a pod (validateContainers). */
export function containersErrors(spec: Fields, around: ContainerSurroundings, path: string): FieldError[] {
  const containers = objectsIn(spec, 'containers');
  if (containers.length === 0) return [required(path)];
  const names = new Set<string>();
  const errors = containers.flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const name = textIn(container, 'name');
    const wrong = commonErrors(container, around, at);
    if (names.has(name)) wrong.push(duplicate(`${at}.name`, name));
    names.add(name);
    wrong.push(...probesErrors(container, around.gracePeriod, at), ...restartErrors(container, at));
    return wrong;
  });
  return [...errors, ...hostPortErrors(containers, path)];
}

/** What is wrong with the init containers of a pod (validateInitContainers). */
export function initContainersErrors(spec: Fields, around: ContainerSurroundings, path: string): FieldError[] {
  const names = new Set(objectsIn(spec, 'containers').map((container) => textIn(container, 'name')));
  return objectsIn(spec, 'initContainers').flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const name = textIn(container, 'name');
    const errors = [...commonErrors(container, around, at), ...restartErrors(container, at)];
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else if (name !== '') names.add(name);
    // Upstream checks one container at a time, so the index in the path is always 0.
    errors.push(...hostPortErrors([container], path));
    const sidecar = textIn(container, 'restartPolicy') === 'Always';
    return [...errors, ...(sidecar ? probesErrors(container, around.gracePeriod, at) : noProbesErrors(container, at))];
  });
}

const NOT_OF_EPHEMERAL = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
];

/** What is wrong with the ephemeral containers of a pod (validateEphemeralContainers). */
export function ephemeralContainersErrors(spec: Fields, around: ContainerSurroundings, path: string): FieldError[] {
  const others = new Set(
    ['containers', 'initContainers'].flatMap((list) =>
      objectsIn(spec, list).map((container) => textIn(container, 'name')),
    ),
  );
  const names = new Set(others);
  return objectsIn(spec, 'ephemeralContainers').flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const name = textIn(container, 'name');
    const errors = [...commonErrors(container, around, at), ...imageSpaceErrors(container, at)];
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    const target = textIn(container, 'targetContainerName');
    if (target !== '' && !others.has(target)) errors.push(fieldNotFound(`${at}.targetContainerName`, target));
    return [...errors, ...ephemeralFieldErrors(container, at)];
  });
}

function ephemeralFieldErrors(container: Fields, path: string): FieldError[] {
  const detail = 'cannot be set for an Ephemeral Container';
  const errors = NOT_OF_EPHEMERAL.filter((key) => isSet(container, key) && !isEmpty(container[key])).map((key) =>
    fieldForbidden(`${path}.${key}`, detail),
  );
  for (const [index, mount] of objectsIn(container, 'volumeMounts').entries()) {
    for (const key of ['subPath', 'subPathExpr']) {
      if (textIn(mount, key) !== '') errors.push(fieldForbidden(`${path}.volumeMounts[${index}].${key}`, detail));
    }
  }
  return errors;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Space around an image, which a template may have and a pod may not (validateContainerOnlyForPod). */
export function imageSpaceErrors(container: Fields, path: string): FieldError[] {
  const image = textIn(container, 'image');
  if (image === image.trim()) return [];
  return [invalidValue(`${path}.image`, image, 'must not have leading or trailing whitespace')];
}
