import { podQosClass, type QosClass } from '../../model/pod-qos-class.ts';
import { amountsAt } from './amounts.ts';
import { has, objectsAt } from './fields.ts';

/** The quality-of-service class of a pod whose status does not tell. */
export function qosClassOf(spec: unknown): QosClass {
  const parts = has(spec, 'resources')
    ? [spec]
    : [...objectsAt(spec, 'containers'), ...objectsAt(spec, 'initContainers')];
  return podQosClass(
    parts.map((part) => ({
      requests: amountsAt(part, 'resources.requests'),
      limits: amountsAt(part, 'resources.limits'),
    })),
  );
}
