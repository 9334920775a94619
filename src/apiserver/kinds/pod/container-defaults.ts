import { type Fields, fillAbsent, fillEmpty, objectIn, objectsIn, ensureObject, partOf, textIn } from '../fields.ts';
import { canonicalQuantities } from '../resource-list.ts';
import { defaultPullPolicy } from './image-tag.ts';

/** Defaults of one container, of any of the three kinds (core/v1 SetDefaults_Container and the fields' own defaults). */
export function defaultContainer(container: Fields): void {
  for (const port of objectsIn(container, 'ports')) fillEmpty(port, 'protocol', 'TCP');
  for (const variable of objectsIn(container, 'env')) defaultVariable(partOf(variable, 'valueFrom'));
  defaultResources(ensureObject(container, 'resources'));
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const present = objectIn(container, probe);
    if (present !== undefined) defaultProbe(present);
  }
  const lifecycle = partOf(container, 'lifecycle');
  for (const hook of ['postStart', 'preStop']) defaultHttpGet(objectIn(partOf(lifecycle, hook), 'httpGet'));
  fillEmpty(container, 'terminationMessagePath', '/dev/termination-log');
  fillEmpty(container, 'terminationMessagePolicy', 'File');
  fillEmpty(container, 'imagePullPolicy', defaultPullPolicy(textIn(container, 'image')));
}

function defaultVariable(source: Fields): void {
  const field = objectIn(source, 'fieldRef');
  if (field !== undefined) fillEmpty(field, 'apiVersion', 'v1');
  const resource = objectIn(source, 'resourceFieldRef');
  if (resource !== undefined) fillAbsent(resource, 'divisor', '0');
  const file = objectIn(source, 'fileKeyRef');
  if (file !== undefined) fillAbsent(file, 'optional', false);
}

/** Rounds quantities as the server does, and writes them canonically. */
export function defaultResources(resources: Fields): void {
  for (const list of ['limits', 'requests']) canonicalQuantities(objectIn(resources, list));
}

function defaultProbe(probe: Fields): void {
  fillEmpty(probe, 'timeoutSeconds', 1);
  fillEmpty(probe, 'periodSeconds', 10);
  fillEmpty(probe, 'successThreshold', 1);
  fillEmpty(probe, 'failureThreshold', 3);
  defaultHttpGet(objectIn(probe, 'httpGet'));
  const grpc = objectIn(probe, 'grpc');
  if (grpc !== undefined) fillAbsent(grpc, 'service', '');
}

function defaultHttpGet(action: Fields | undefined): void {
  if (action === undefined) return;
  fillEmpty(action, 'path', '/');
  fillEmpty(action, 'scheme', 'HTTP');
}
