import type { KubeObject } from '../../model/kube-object.ts';
import { autoscalerToV1, autoscalerToV2 } from './convert-autoscaler.ts';
import { crdToV1, crdToV1beta1 } from './convert-crd.ts';
import { eventToCoreV1, eventToEventsV1 } from './convert-event.ts';

/** Changes the fields of an object from one version of its kind to another; in place or as a new object. */
export type Conversion = (object: KubeObject) => KubeObject;

/** Conversions of kinds whose versions differ in more than their name, as `<kind> <from> <to>`. */
const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  'Event v1 events.k8s.io/v1': eventToEventsV1,
  'Event events.k8s.io/v1 v1': eventToCoreV1,
  'HorizontalPodAutoscaler autoscaling/v1 autoscaling/v2': autoscalerToV2,
  'HorizontalPodAutoscaler autoscaling/v2 autoscaling/v1': autoscalerToV1,
  'CustomResourceDefinition apiextensions.k8s.io/v1 apiextensions.k8s.io/v1beta1': crdToV1beta1,
  'CustomResourceDefinition apiextensions.k8s.io/v1beta1 apiextensions.k8s.io/v1': crdToV1,
};

/** An object in another version of its kind. Kinds whose versions have the same fields change their apiVersion alone. */
export function convertObject(object: KubeObject, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  const convert = CONVERSIONS[`${object.kind} ${object.apiVersion} ${apiVersion}`];
  const converted = convert === undefined ? object : convert(object);
  const { kind, apiVersion: _from, ...fields } = converted;
  return { kind, apiVersion, ...fields };
}
