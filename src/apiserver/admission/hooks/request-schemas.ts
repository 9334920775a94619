import type { JsonObject } from '../../../model/json-value.ts';

const TEXT: JsonObject = { type: 'string' };
const TIME: JsonObject = { type: 'string', format: 'date-time' };
const TEXTS: JsonObject = { type: 'array', items: TEXT };
const TEXT_MAP: JsonObject = { type: 'object', additionalProperties: TEXT };

function objectSchema(properties: Record<string, JsonObject>): JsonObject {
  return { type: 'object', properties };
}

const KIND = objectSchema({ group: TEXT, version: TEXT, kind: TEXT });
const RESOURCE = objectSchema({ group: TEXT, version: TEXT, resource: TEXT });

/** What expressions may ask of `request` (BuildRequestType). */
export const REQUEST_SCHEMA: JsonObject = objectSchema({
  kind: KIND,
  resource: RESOURCE,
  subResource: TEXT,
  requestKind: KIND,
  requestResource: RESOURCE,
  requestSubResource: TEXT,
  name: TEXT,
  namespace: TEXT,
  operation: TEXT,
  userInfo: objectSchema({
    username: TEXT,
    uid: TEXT,
    groups: TEXTS,
    extra: { type: 'object', additionalProperties: TEXTS },
  }),
  dryRun: { type: 'boolean' },
  options: { 'x-kubernetes-int-or-string': true },
});

/** What expressions may ask of `namespaceObject` (BuildNamespaceType). */
export const NAMESPACE_SCHEMA: JsonObject = objectSchema({
  metadata: objectSchema({
    name: TEXT,
    generateName: TEXT,
    namespace: TEXT,
    labels: TEXT_MAP,
    annotations: TEXT_MAP,
    UID: TEXT,
    creationTimestamp: TIME,
    deletionGracePeriodSeconds: { type: 'integer' },
    deletionTimestamp: TIME,
    generation: { type: 'integer' },
    resourceVersion: TEXT,
    finalizers: TEXTS,
  }),
  spec: objectSchema({ finalizers: TEXTS }),
  status: objectSchema({
    conditions: {
      type: 'array',
      items: objectSchema({ status: TEXT, type: TEXT, lastTransitionTime: TIME, message: TEXT, reason: TEXT }),
    },
    phase: TEXT,
  }),
});
