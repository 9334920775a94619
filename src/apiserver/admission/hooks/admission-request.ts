import type { JsonObject, JsonValue } from '../../../model/json-value.ts';
import type { GroupVersionKind } from '../../group-version-kind.ts';
import type { AdmissionAttributes } from '../admission-attributes.ts';
import type { MatchedResource } from './request-matcher.ts';

/** What policies see as `request`, and webhooks in a review: an AdmissionRequest without its uid and objects. */
export function admissionRequest(attributes: AdmissionAttributes, matched: MatchedResource): JsonObject {
  const { served, subresource, name, namespace, operation, user, dryRun, options, kind } = attributes;
  const part = (key: string, value: string): JsonObject => (value === '' ? {} : { [key]: value });
  return {
    kind: kindJson(matched.kind),
    resource: resourceJson(matched),
    ...part('subResource', subresource),
    requestKind: kindJson(kind),
    requestResource: resourceJson({ served }),
    ...part('requestSubResource', subresource),
    ...part('name', name),
    ...part('namespace', namespace),
    operation,
    userInfo: {
      ...part('username', user.name),
      ...part('uid', user.uid ?? ''),
      ...(user.groups.length === 0 ? {} : { groups: [...user.groups] }),
      ...(user.extra === undefined ? {} : { extra: structuredClone(user.extra) as JsonValue }),
    },
    dryRun,
    options: Object.keys(options).length === 0 ? null : options,
  };
}

/** The review that a webhook is sent. */
export function admissionReview(
  attributes: AdmissionAttributes,
  matched: MatchedResource,
  { uid, version }: { uid: string; version: string },
): JsonObject {
  const { dryRun, options, ...request } = admissionRequest(attributes, matched);
  const object = (matched.object ?? null) as JsonValue;
  const oldObject = (matched.old ?? null) as JsonValue;
  return {
    kind: 'AdmissionReview',
    apiVersion: `admission.k8s.io/${version}`,
    request: { uid, ...request, object, oldObject, dryRun, options },
  };
}

function kindJson({ group, version, kind }: GroupVersionKind): JsonObject {
  return { group, version, kind };
}

function resourceJson({ served: { info } }: Pick<MatchedResource, 'served'>): JsonObject {
  return { group: info.group, version: info.version, resource: info.plural };
}
