import { duplicate, type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import { choiceErrors, ruleErrors } from '../field-checks.ts';
import { type Fields, flagIn, isSet, numberIn, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { addressErrors } from '../ip-address.ts';
import { labelRule, qualifiedNameRule, rangeErrors, subdomainRule, underscoreSubdomainRule } from '../value-rules.ts';
import {
  type ContainerSurroundings,
  containersErrors,
  ephemeralContainersErrors,
  initContainersErrors,
} from './container-errors.ts';
import { podLevelErrors } from './pod-level-errors.ts';
import { requirementsErrors } from './resource-errors.ts';
import { affinityErrors, nodeLabelsErrors, spreadErrors, tolerationsErrors } from './scheduling-errors.ts';
import { hostUsersErrors, podSecurityErrors } from './security-errors.ts';
import { volumesErrors } from './volume-errors.ts';
import { hostProcessErrors, operatingSystemErrors } from './windows-errors.ts';

/** Where a pod spec stands. */
export interface PodSpecPlace {
  /** `spec`, `spec.template.spec`. */
  readonly path: string;
  /** A pod has rules that a template has not. */
  readonly isPod: boolean;
  /** The name of the pod; '' for a template. */
  readonly podName: string;
}

const MAX_INT32 = 2 ** 31 - 1;

/** What is wrong with a pod spec, in the server's order (ValidatePodSpec). */
export function podSpecErrors(spec: Fields, place: PodSpecPlace): FieldError[] {
  const { path } = place;
  const errors: FieldError[] = [];
  if (!isSet(spec, 'terminationGracePeriodSeconds')) errors.push(required(`${path}.terminationGracePeriodSeconds`));
  const { volumes, errors: ofVolumes } = volumesErrors(spec, place.podName, `${path}.volumes`);
  const around: ContainerSurroundings = {
    volumes,
    claims: new Set(objectsIn(spec, 'resourceClaims').map((claim) => textIn(claim, 'name'))),
    gracePeriod: numberIn(spec, 'terminationGracePeriodSeconds'),
    hostUsers: spec['hostUsers'] !== false,
    restartPolicy: textIn(spec, 'restartPolicy'),
  };
  errors.push(...ofVolumes, ...claimsErrors(objectsIn(spec, 'resourceClaims'), `${path}.resourceClaims`));
  errors.push(...containersErrors(spec, around, `${path}.containers`));
  errors.push(...initContainersErrors(spec, around, `${path}.initContainers`));
  errors.push(...ephemeralContainersErrors(spec, around, `${path}.ephemeralContainers`));
  errors.push(...podLevelErrors(spec, around.claims, `${path}.resources`));
  errors.push(...hostNetworkErrors(spec, place));
  errors.push(...choiceErrors(`${path}.restartPolicy`, around.restartPolicy, ['Always', 'OnFailure', 'Never']));
  const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
  errors.push(...choiceErrors(`${path}.dnsPolicy`, textIn(spec, 'dnsPolicy'), dnsPolicies));
  errors.push(...nodeLabelsErrors(spec, path), ...podSecurityErrors(spec, `${path}.securityContext`));
  errors.push(...affinityErrors(spec, `${path}.affinity`), ...dnsErrors(spec, `${path}.dnsConfig`));
  errors.push(...gateErrors(spec, path));
  errors.push(...spreadErrors(objectsIn(spec, 'topologySpreadConstraints'), `${path}.topologySpreadConstraints`));
  errors.push(...hostProcessErrors(spec, path), ...hostUsersErrors(spec, path), ...nameErrors(spec, path));
  return [...errors, ...lateErrors(spec, path)];
}

function claimsErrors(claims: readonly Fields[], path: string): FieldError[] {
  const names = new Set<string>();
  return claims.flatMap((claim, index) => {
    const at = `${path}[${index}]`;
    const name = textIn(claim, 'name');
    const errors: FieldError[] = [];
    if (name === '') errors.push(required(`${at}.name`));
    else if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else errors.push(...ruleErrors(`${at}.name`, name, labelRule));
    names.add(name);
    const sources = ['resourceClaimName', 'resourceClaimTemplateName'].filter((key) => isSet(claim, key));
    if (sources.length === 2) {
      const detail = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
      errors.push(invalidValue(at, claim, detail));
    }
    if (sources.length === 0) {
      const detail = 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`';
      errors.push(invalidValue(at, claim, detail));
    }
    return [...errors, ...sources.flatMap((key) => ruleErrors(`${at}.${key}`, textIn(claim, key), subdomainRule))];
  });
}

/** With the network of the host, a port of a container is a port of the host. */
function hostNetworkErrors(spec: Fields, { path, isPod }: PodSpecPlace): FieldError[] {
  if (!flagIn(spec, 'hostNetwork')) return [];
  const detail = 'must match `containerPort` when `hostNetwork` is true';
  return objectsIn(spec, 'containers').flatMap((container, index) =>
    objectsIn(container, 'ports').flatMap((port, portIndex) => {
      const hostPort = numberIn(port, 'hostPort') ?? 0;
      if (hostPort === (numberIn(port, 'containerPort') ?? 0) || (!isPod && hostPort === 0)) return [];
      return [invalidValue(`${path}.containers[${index}].ports[${portIndex}].hostPort`, hostPort, detail)];
    }),
  );
}

const MOST_NAME_SERVERS = 3;
const MOST_SEARCHES = 32;
const LONGEST_SEARCHES = 2048;

function dnsErrors(spec: Fields, path: string): FieldError[] {
  const config = objectIn(spec, 'dnsConfig');
  const none = textIn(spec, 'dnsPolicy') === 'None';
  if (config === undefined) {
    return none ? [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')] : [];
  }
  const servers = stringsIn(config, 'nameservers');
  if (none && servers.length === 0) {
    const detail = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
    return [required(`${path}.nameservers`, detail)];
  }
  const errors: FieldError[] = [];
  if (servers.length > MOST_NAME_SERVERS) {
    errors.push(
      invalidValue(`${path}.nameservers`, servers, `must not have more than ${MOST_NAME_SERVERS} nameservers`),
    );
  }
  errors.push(...servers.flatMap((server, index) => addressErrors(`${path}.nameservers[${index}]`, server)));
  errors.push(...searchErrors(stringsIn(config, 'searches'), `${path}.searches`));
  for (const [index, option] of objectsIn(config, 'options').entries()) {
    if (textIn(option, 'name') === '') errors.push(required(`${path}.options[${index}]`, 'must not be empty'));
  }
  return errors;
}

function searchErrors(searches: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (searches.length > MOST_SEARCHES) {
    errors.push(invalidValue(path, searches, `must not have more than ${MOST_SEARCHES} search paths`));
  }
  if (searches.join(' ').length > LONGEST_SEARCHES) {
    const detail = `must not have more than ${LONGEST_SEARCHES} characters (including spaces) in the search list`;
    errors.push(invalidValue(path, searches, detail));
  }
  const names = searches.map((search) => (search === '.' ? undefined : search.replace(/\.$/, '')));
  for (const [index, name] of names.entries()) {
    if (name !== undefined) errors.push(...ruleErrors(`${path}[${index}]`, name, underscoreSubdomainRule));
  }
  return errors;
}

function gateErrors(spec: Fields, path: string): FieldError[] {
  const errors = objectsIn(spec, 'readinessGates').flatMap((gate, index) =>
    ruleErrors(`${path}.readinessGates[${index}].conditionType`, textIn(gate, 'conditionType'), qualifiedNameRule),
  );
  const seen = new Set<string>();
  for (const [index, gate] of objectsIn(spec, 'schedulingGates').entries()) {
    const field = `${path}.schedulingGates[${index}]`;
    const name = textIn(gate, 'name');
    errors.push(...ruleErrors(field, name, qualifiedNameRule));
    if (seen.has(name)) errors.push(duplicate(field, name));
    seen.add(name);
  }
  return errors;
}

/** Names and numbers that stand alone in the spec. */
function nameErrors(spec: Fields, path: string): FieldError[] {
  const check = (key: string, rule: typeof labelRule) => {
    const value = textIn(spec, key);
    return value === '' ? [] : ruleErrors(`${path}.${key}`, value, rule);
  };
  const errors = [...check('serviceAccountName', subdomainRule), ...check('nodeName', subdomainRule)];
  const deadline = numberIn(spec, 'activeDeadlineSeconds');
  if (deadline !== undefined) {
    const wrong = rangeErrors(deadline, 1, MAX_INT32);
    errors.push(...wrong.map((text) => invalidValue(`${path}.activeDeadlineSeconds`, deadline, text)));
  }
  return [...errors, ...check('hostname', labelRule), ...check('subdomain', labelRule)];
}

function lateErrors(spec: Fields, path: string): FieldError[] {
  const errors = tolerationsErrors(objectsIn(spec, 'tolerations'), `${path}.tolerations`);
  for (const [index, alias] of objectsIn(spec, 'hostAliases').entries()) {
    const at = `${path}.hostAliases[${index}]`;
    errors.push(...addressErrors(`${at}.ip`, textIn(alias, 'ip')));
    for (const [i, name] of stringsIn(alias, 'hostnames').entries()) {
      errors.push(...ruleErrors(`${at}.hostnames[${i}]`, name, subdomainRule));
    }
  }
  const priorityClass = textIn(spec, 'priorityClassName');
  if (priorityClass !== '') errors.push(...ruleErrors(`${path}.priorityClassName`, priorityClass, subdomainRule));
  if (isSet(spec, 'runtimeClassName')) {
    errors.push(...ruleErrors(`${path}.runtimeClassName`, textIn(spec, 'runtimeClassName'), subdomainRule));
  }
  if (isSet(spec, 'preemptionPolicy')) {
    const policies = ['PreemptLowerPriority', 'Never'];
    errors.push(...choiceErrors(`${path}.preemptionPolicy`, textIn(spec, 'preemptionPolicy'), policies));
  }
  if (isSet(spec, 'overhead')) {
    const limits = { limits: partOf(spec, 'overhead') };
    const overhead = { path: `${path}.overhead`, level: 'container', claims: new Set<string>() } as const;
    errors.push(...requirementsErrors(limits, overhead));
  }
  return [...errors, ...operatingSystemErrors(spec, path)];
}
