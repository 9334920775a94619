import { type Fields, ensureObject, fillAbsent, fillEmpty, objectIn, objectsIn, textIn } from '../fields.ts';
import { canonicalQuantities } from '../resource-list.ts';
import { defaultContainer, defaultResources } from './container-defaults.ts';
import { defaultVolume } from './volume-defaults.ts';

/** The three lists of containers, in the order in which the server visits them. */
const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** Defaults of a pod spec, in a pod or in a template (core/v1 SetDefaults_PodSpec and what it holds). */
export function defaultPodSpec(spec: Fields): void {
  for (const volume of objectsIn(spec, 'volumes')) defaultVolume(volume);
  for (const list of CONTAINER_LISTS) for (const container of objectsIn(spec, list)) defaultContainer(container);
  fillEmpty(spec, 'restartPolicy', 'Always');
  fillAbsent(spec, 'terminationGracePeriodSeconds', 30);
  fillEmpty(spec, 'dnsPolicy', 'ClusterFirst');
  sameAccountNames(spec);
  ensureObject(spec, 'securityContext');
  fillEmpty(spec, 'schedulerName', 'default-scheduler');
  canonicalQuantities(objectIn(spec, 'overhead'));
  const resources = objectIn(spec, 'resources');
  if (resources !== undefined) defaultResources(resources);
}

/** `serviceAccount` is the old name of `serviceAccountName`; the server keeps both the same, and the new one wins. */
function sameAccountNames(spec: Fields): void {
  const name = textIn(spec, 'serviceAccountName') || textIn(spec, 'serviceAccount');
  if (name === '') return;
  spec['serviceAccountName'] = name;
  spec['serviceAccount'] = name;
}

/** Defaults of a pod template. */
export function defaultPodTemplate(template: Fields): void {
  ensureObject(template, 'metadata');
  defaultPodSpec(ensureObject(template, 'spec'));
}
