import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { negativeErrors, portErrors } from '../field-checks.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { headerNameRule } from '../value-rules.ts';

const PROBE_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const HOOK_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'sleep'];

/** What is wrong with the probes and hooks of a container that may have them, in the server's order. */
export function probesErrors(container: Fields, gracePeriod: number | undefined, path: string): FieldError[] {
  return [
    ...lifecycleErrors(container, gracePeriod, `${path}.lifecycle`),
    ...probeErrors(container, 'livenessProbe', path),
    ...probeErrors(container, 'readinessProbe', path),
    ...probeErrors(container, 'startupProbe', path),
  ];
}

function lifecycleErrors(container: Fields, gracePeriod: number | undefined, path: string): FieldError[] {
  const lifecycle = partOf(container, 'lifecycle');
  const errors = ['postStart', 'preStop'].flatMap((hook) => {
    const handler = objectIn(lifecycle, hook);
    return handler === undefined ? [] : handlerErrors(handler, HOOK_HANDLERS, { path: `${path}.${hook}`, gracePeriod });
  });
  return errors;
}

function probeErrors(container: Fields, name: string, containerPath: string): FieldError[] {
  const probe = objectIn(container, name);
  if (probe === undefined) return [];
  const path = `${containerPath}.${name}`;
  const errors = handlerErrors(probe, PROBE_HANDLERS, { path });
  for (const field of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ]) {
    errors.push(...negativeErrors(probe, field, path));
  }
  const period = numberIn(probe, 'terminationGracePeriodSeconds');
  if (period !== undefined && period <= 0) {
    errors.push(invalidValue(`${path}.terminationGracePeriodSeconds`, period, 'must be greater than 0'));
  }
  if (name === 'readinessProbe') {
    if (period === undefined) return errors;
    return [
      ...errors,
      invalidValue(`${path}.terminationGracePeriodSeconds`, period, 'must not be set for readinessProbes'),
    ];
  }
  const successes = numberIn(probe, 'successThreshold') ?? 0;
  return successes === 1 ? errors : [...errors, invalidValue(`${path}.successThreshold`, successes, 'must be 1')];
}

interface HandlerPlace {
  readonly path: string;
  /** The pod's, which a sleep must not outlast. */
  readonly gracePeriod?: number | undefined;
}

function handlerErrors(handler: Fields, kinds: readonly string[], { path, gracePeriod }: HandlerPlace): FieldError[] {
  const errors: FieldError[] = [];
  let handlers = 0;
  for (const kind of kinds) {
    const action = objectIn(handler, kind);
    if (action === undefined) continue;
    const at = `${path}.${kind}`;
    if (handlers++ > 0) errors.push(fieldForbidden(at, 'may not specify more than 1 handler type'));
    else errors.push(...actionErrors(kind, action, { path: at, gracePeriod }));
  }
  return handlers === 0 ? [required(path, 'must specify a handler type')] : errors;
}

function actionErrors(kind: string, action: Fields, { path, gracePeriod }: HandlerPlace): FieldError[] {
  switch (kind) {
    case 'exec':
      return stringsIn(action, 'command').length === 0 ? [required(`${path}.command`)] : [];
    case 'httpGet':
      return httpGetErrors(action, path);
    case 'sleep':
      return sleepErrors(action, gracePeriod, path);
    default:
      return portErrors(action, 'port', path);
  }
}

function httpGetErrors(action: Fields, path: string): FieldError[] {
  const errors = textIn(action, 'path') === '' ? [required(`${path}.path`)] : [];
  errors.push(...portErrors(action, 'port', path));
  const scheme = textIn(action, 'scheme');
  if (scheme !== 'HTTP' && scheme !== 'HTTPS') errors.push(notSupported(`${path}.scheme`, scheme, ['HTTP', 'HTTPS']));
  for (const header of objectsIn(action, 'httpHeaders')) {
    const name = textIn(header, 'name');
    errors.push(...headerNameRule(name).map((text) => invalidValue(`${path}.httpHeaders`, name, text)));
  }
  return errors;
}

function sleepErrors(action: Fields, gracePeriod: number | undefined, path: string): FieldError[] {
  const seconds = numberIn(action, 'seconds') ?? 0;
  if (gracePeriod === undefined || (seconds >= 0 && seconds <= gracePeriod)) return [];
  const detail = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`;
  return [invalidValue(path, seconds, detail)];
}

/** Probes and hooks of a container that runs once and may have none. */
export function noProbesErrors(container: Fields, path: string): FieldError[] {
  return ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']
    .filter((key) => isSet(container, key))
    .map((key) => fieldForbidden(`${path}.${key}`, 'may not be set for init containers without restartPolicy=Always'));
}
