import type { KubeObject } from '../../../model/kube-object.ts';
import type { Strategy } from '../../strategy.ts';
import { defineStrategy } from '../define-strategy.ts';
import { partOf, textIn } from '../fields.ts';
import { eventErrors, eventUpdateErrors } from './event-errors.ts';

const ABOUT = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

/** The strategy of events, which two groups have with other names for some fields. */
export function eventStrategy(resource: 'events' | 'events.events.k8s.io'): Strategy {
  const about = (event: KubeObject) => partOf({ about: event['involvedObject'] ?? event['regarding'] }, 'about');
  const controller = (event: KubeObject) => textIn(event, 'reportingComponent') || textIn(event, 'reportingController');
  const source = (event: KubeObject) =>
    textIn(partOf({ source: event['source'] ?? event['deprecatedSource'] }, 'source'), 'component');
  const isStrict = resource !== 'events';
  return defineStrategy({
    resource,
    allowCreateOnUpdate: true,
    validate: (event) => eventErrors(event, isStrict),
    validateUpdate: (event, old) => eventUpdateErrors(event, old, isStrict),
    selectableFields: {
      ...Object.fromEntries(
        ABOUT.map((key) => [`involvedObject.${key}`, (event: KubeObject) => textIn(about(event), key)]),
      ),
      reason: (event) => textIn(event, 'reason'),
      reportingComponent: controller,
      source: (event) => source(event) || controller(event),
      type: (event) => textIn(event, 'type'),
    },
  });
}
