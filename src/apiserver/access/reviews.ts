import { ADMINISTRATOR } from '../../model/administrator.ts';
import type { ApiResponse, UserInfo } from '../../model/api-message.ts';
import { type FieldError, invalidValue, required } from '../../model/field-error.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { badRequest, invalid } from '../../model/status-errors.ts';
import { type ApiServer, strategyContext } from '../api-server.ts';
import { matchNamespace } from '../check-identity.ts';
import { type Fields, isFields, isSet, partOf, stringsIn, textIn } from '../kinds/fields.ts';
import { jsonResponse } from '../output.ts';
import { readBody } from '../read-body.ts';
import { requestKind } from '../request-kind.ts';
import { writeOptions } from '../request-options.ts';
import type { ResourceRequest } from '../resource-request.ts';
import { timestamp } from '../timestamp.ts';
import type { AccessAttributes } from './attributes.ts';
import { authorize, rulesOf } from './authorize.ts';
import { tokenUser } from './tokens.ts';

type Request = Omit<ResourceRequest, 'served'>;
type Review = (request: Request, object: KubeObject) => Promise<Fields>;

const AUTHENTICATION = 'authentication.k8s.io';
const AUTHORIZATION = 'authorization.k8s.io';

const REVIEWS: Readonly<Record<string, { group: string; kind: string; review: Review }>> = {
  selfsubjectreviews: { group: AUTHENTICATION, kind: 'SelfSubjectReview', review: reviewSelf },
  tokenreviews: { group: AUTHENTICATION, kind: 'TokenReview', review: reviewToken },
  selfsubjectaccessreviews: { group: AUTHORIZATION, kind: 'SelfSubjectAccessReview', review: reviewOwnAccess },
  subjectaccessreviews: { group: AUTHORIZATION, kind: 'SubjectAccessReview', review: reviewAccess },
  localsubjectaccessreviews: { group: AUTHORIZATION, kind: 'LocalSubjectAccessReview', review: reviewLocalAccess },
  selfsubjectrulesreviews: { group: AUTHORIZATION, kind: 'SelfSubjectRulesReview', review: reviewOwnRules },
};

/** Whether a resource is a question that is answered, and never stored. */
export function isReview({ group, resource }: { group: string; resource: string }): boolean {
  return REVIEWS[resource]?.group === group;
}

/** POST of a review: the same object with an answer in its status. */
export async function answerReview(request: Request): Promise<ApiResponse> {
  const { info } = request;
  const known = REVIEWS[info.resource];
  if (known === undefined) throw badRequest(`${info.resource} is no review`);
  const options = writeOptions(request.request, 'CreateOptions');
  const kind = requestKind(known.group, info.version, known.kind);
  const { object, warnings } = readBody(kind, request.request.body, options);
  if (info.namespace !== '') matchNamespace(object, info.namespace);
  object['status'] = await known.review(request, object);
  return jsonResponse(201, object, warnings);
}

/** Who asks: the user that was authenticated, or in process somebody who may do everything. */
function userOf({ request }: Request): UserInfo {
  return request.user ?? ADMINISTRATOR;
}

function userFields({ name, uid, groups, extra }: UserInfo): Fields {
  return {
    username: name,
    ...(uid === undefined ? {} : { uid }),
    groups: [...groups],
    ...(extra === undefined ? {} : { extra: structuredClone(extra) }),
  };
}

async function reviewSelf(request: Request, object: KubeObject): Promise<Fields> {
  object.metadata = { creationTimestamp: timestamp(request.server.now()) };
  return Promise.resolve({ userInfo: userFields(userOf(request)) });
}

async function reviewToken({ server }: Request, object: KubeObject): Promise<Fields> {
  const spec = partOf(object, 'spec');
  const token = textIn(spec, 'token');
  if (token === '') throw badRequest('token is required for TokenReview in authentication');
  const audiences = stringsIn(spec, 'audiences');
  const found = await authenticateToken(server, token);
  if (found === undefined) return { user: {}, error: '[invalid bearer token]' };
  const common = audiences.filter((audience) => found.audiences.includes(audience));
  if (audiences.length > 0 && common.length === 0) {
    return {
      user: {},
      error: `[invalid bearer token, token audiences ${JSON.stringify(found.audiences)} is invalid for the target audiences ${JSON.stringify(audiences)}]`,
    };
  }
  const own = audiences.length > 0 ? common : [...(server.signer?.audiences ?? [])];
  return { authenticated: true, user: userFields(found.user), ...(own.length === 0 ? {} : { audiences: own }) };
}

async function authenticateToken(
  server: ApiServer,
  token: string,
): Promise<{ user: UserInfo; audiences: readonly string[] } | undefined> {
  const own = server.tokenOwner?.(token);
  if (own !== undefined) return { user: own, audiences: server.signer?.audiences ?? [] };
  return server.signer === undefined ? undefined : tokenUser(token, server.signer, strategyContext(server));
}

async function reviewOwnAccess(request: Request, object: KubeObject): Promise<Fields> {
  const spec = partOf(object, 'spec');
  checkSpec(object, accessErrors(spec));
  return decide(request.server, spec, userOf(request));
}

async function reviewAccess({ server }: Request, object: KubeObject): Promise<Fields> {
  const spec = partOf(object, 'spec');
  checkSpec(object, [...accessErrors(spec), ...subjectErrors(spec)]);
  return decide(server, spec, subjectOf(spec));
}

async function reviewLocalAccess({ server, info }: Request, object: KubeObject): Promise<Fields> {
  const spec = partOf(object, 'spec');
  const errors = [...accessErrors(spec), ...subjectErrors(spec)];
  if (isSet(spec, 'nonResourceAttributes')) {
    const detail = 'disallowed on this kind of request';
    errors.push(invalidValue('spec.nonResourceAttributes', spec['nonResourceAttributes'], detail));
  }
  checkSpec(object, errors);
  const namespace = textIn(partOf(spec, 'resourceAttributes'), 'namespace');
  if (namespace !== info.namespace) {
    throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${info.namespace}`);
  }
  return decide(server, spec, subjectOf(spec));
}

async function reviewOwnRules(request: Request, object: KubeObject): Promise<Fields> {
  const namespace = textIn(partOf(object, 'spec'), 'namespace');
  if (namespace === '') {
    throw badRequest('no namespace on request');
  }
  const { rules, failures } = await rulesOf(request.server, userOf(request), namespace);
  const [paths, resources] = [
    rules.filter((rule) => (rule.nonResourceURLs ?? []).length > 0),
    rules.filter((rule) => (rule.nonResourceURLs ?? []).length === 0),
  ];
  return {
    resourceRules: resources,
    nonResourceRules: paths,
    incomplete: failures.length > 0,
    ...(failures.length === 0 ? {} : { evaluationError: failures.join(', ') }),
  };
}

function checkSpec(object: KubeObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(object.kind, AUTHORIZATION, '', errors);
}

function accessErrors(spec: Fields): FieldError[] {
  const [ofResource, ofPath] = [isSet(spec, 'resourceAttributes'), isSet(spec, 'nonResourceAttributes')];
  if (ofResource && ofPath) {
    const detail = 'cannot be specified in combination with resourceAttributes';
    return [invalidValue('spec.nonResourceAttributes', spec['nonResourceAttributes'], detail)];
  }
  if (ofResource || ofPath) return [];
  const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return [invalidValue('spec.resourceAttributes', null, detail)];
}

function subjectErrors(spec: Fields): FieldError[] {
  if (textIn(spec, 'user') !== '' || stringsIn(spec, 'groups').length > 0) return [];
  return [required('spec.user', 'at least one of user or group must be specified')];
}

function subjectOf(spec: Fields): UserInfo {
  const uid = textIn(spec, 'uid');
  const extra = isFields(spec['extra']) ? (spec['extra'] as Record<string, string[]>) : undefined;
  return {
    name: textIn(spec, 'user'),
    groups: stringsIn(spec, 'groups'),
    ...(uid === '' ? {} : { uid }),
    ...(extra === undefined ? {} : { extra }),
  };
}

async function decide(server: ApiServer, spec: Fields, user: UserInfo): Promise<Fields> {
  const { allowed, reason } = await authorize(server, askedOf(spec, user));
  return { allowed, ...(reason === '' ? {} : { reason }) };
}

function askedOf(spec: Fields, user: UserInfo): AccessAttributes {
  if (isSet(spec, 'nonResourceAttributes')) {
    const part = partOf(spec, 'nonResourceAttributes');
    return { type: 'path', user, verb: textIn(part, 'verb'), path: textIn(part, 'path') };
  }
  const part = partOf(spec, 'resourceAttributes');
  return {
    type: 'resource',
    user,
    verb: textIn(part, 'verb'),
    group: textIn(part, 'group'),
    version: textIn(part, 'version'),
    resource: textIn(part, 'resource'),
    subresource: textIn(part, 'subresource'),
    namespace: textIn(part, 'namespace'),
    name: textIn(part, 'name'),
  };
}
