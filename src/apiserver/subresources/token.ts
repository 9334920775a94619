import type { ApiResponse } from '../../model/api-message.ts';
import { type FieldError, invalidValue } from '../../model/field-error.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { badRequest, conflict, invalid, notFound } from '../../model/status-errors.ts';
import type { TokenClaims, TokenSigner } from '../../model/token-signer.ts';
import { strategyContext } from '../api-server.ts';
import { ensureObject, type Fields, isFields, numberIn, partOf, stringsIn, textIn } from '../kinds/fields.ts';
import { notImplemented } from '../not-implemented.ts';
import { jsonResponse } from '../output.ts';
import { readBody } from '../read-body.ts';
import { requestKind } from '../request-kind.ts';
import { writeOptions } from '../request-options.ts';
import { objectName, type ResourceRequest } from '../resource-request.ts';
import { groupResourceOf } from '../served-resource.ts';
import { timestamp } from '../timestamp.ts';

const DEFAULT_SECONDS = 3600;
const FEWEST_SECONDS = 600;
const MOST_SECONDS = 2 ** 32;
const TOKEN_REQUESTS = { group: 'authentication.k8s.io', resource: 'TokenRequest' };

/** POST to serviceaccounts/token: a token of a service account (TokenREST). Only a server with a signer has one to give. */
export async function requestToken(request: ResourceRequest): Promise<ApiResponse> {
  const { server, served, info } = request;
  const { signer } = server;
  if (signer === undefined) {
    throw notImplemented('tokens of service accounts without a server: kube-lite serve gives them');
  }
  const options = writeOptions(request.request, 'CreateOptions');
  const kind = requestKind('authentication.k8s.io', 'v1', 'TokenRequest');
  const { object, warnings } = readBody(kind, request.request.body, options);
  matchAccount(object, info);
  const found = await server.storage.get(served.stored, objectName(request));
  if (found === undefined) throw notFound(groupResourceOf(served), info.name);
  const { uid = '' } = found.object.metadata;
  if ((object.metadata.uid ?? uid) !== uid) {
    const why = `the UID in the token request (${object.metadata.uid}) does not match the UID of the service account (${uid})`;
    throw conflict(TOKEN_REQUESTS, info.name, why);
  }
  const spec = ensureObject(object, 'spec');
  if (stringsIn(spec, 'audiences').length === 0) spec['audiences'] = [...signer.audiences];
  spec['expirationSeconds'] ??= DEFAULT_SECONDS;
  const errors = secondsErrors(numberIn(spec, 'expirationSeconds') ?? 0);
  if (errors.length > 0) throw invalid('TokenRequest', 'authentication.k8s.io', '', errors);
  const bound = await boundClaims(request, spec);
  const now = server.now();
  const account = { name: info.name, uid };
  const claims = claimsOf({ request, signer, spec, now, own: { ...bound, serviceaccount: account } });
  object.metadata = { ...object.metadata, name: info.name, namespace: info.namespace, uid };
  object.metadata.creationTimestamp = timestamp(now);
  const expires = new Date(now.getTime() + (numberIn(spec, 'expirationSeconds') ?? 0) * 1000);
  object['status'] = { token: await signer.sign(claims), expirationTimestamp: timestamp(expires) };
  return jsonResponse(201, object, warnings);
}

function matchAccount({ metadata }: KubeObject, { name, namespace }: { name: string; namespace: string }): void {
  for (const [field, wanted] of [
    ['name', name],
    ['namespace', namespace],
  ] as const) {
    const given = metadata[field] ?? '';
    if (given === '' || given === wanted) continue;
    const text = `must match the service account ${field} if specified`;
    const errors = [invalidValue(`metadata.${field}`, given, text)];
    throw invalid('TokenRequest', 'authentication.k8s.io', name, errors);
  }
}

function secondsErrors(seconds: number): FieldError[] {
  const field = 'spec.expirationSeconds';
  if (seconds < FEWEST_SECONDS) {
    return [invalidValue(field, seconds, 'may not specify a duration less than 10 minutes')];
  }
  return seconds > MOST_SECONDS
    ? [invalidValue(field, seconds, 'may not specify a duration larger than 2^32 seconds')]
    : [];
}

/** What a token says of the object that it is bound to. Throws NotFound, BadRequest or Conflict. */
async function boundClaims({ server, info }: ResourceRequest, spec: Fields): Promise<Fields> {
  const reference = spec['boundObjectRef'];
  if (!isFields(reference)) return {};
  const context = strategyContext(server);
  const [apiVersion, kind, name] = [
    textIn(reference, 'apiVersion'),
    textIn(reference, 'kind'),
    textIn(reference, 'name'),
  ];
  const resource = ({ Pod: 'pods', Node: 'nodes', Secret: 'secrets' } as Record<string, string>)[kind];
  if (apiVersion !== 'v1' || resource === undefined) {
    throw badRequest(`cannot bind token to object of type ${apiVersion}, Kind=${kind}`);
  }
  const object = await context.get(resource, kind === 'Node' ? '' : info.namespace, name);
  if (object === undefined) throw notFound({ group: '', resource }, name);
  const { uid = '' } = object.metadata;
  const claims: Fields = { [kind.toLowerCase()]: { name, uid } };
  if (kind === 'Pod') {
    const podSpec = partOf(object, 'spec');
    if (textIn(podSpec, 'serviceAccountName') !== info.name) {
      throw badRequest(
        `cannot bind token for serviceaccount ${JSON.stringify(info.name)} to pod running with different serviceaccount name.`,
      );
    }
    const node = textIn(podSpec, 'nodeName');
    const found = node === '' ? undefined : await context.get('nodes', '', node);
    if (node !== '') claims['node'] = { name: node, ...(found === undefined ? {} : { uid: found.metadata.uid }) };
  }
  const wanted = textIn(reference, 'uid');
  if (wanted !== '' && wanted !== uid) {
    const why = `the UID in the bound object reference (${wanted}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: '', resource: kind }, name, why);
  }
  return claims;
}

interface ClaimsInput {
  readonly request: ResourceRequest;
  readonly signer: TokenSigner;
  readonly spec: Fields;
  readonly now: Date;
  readonly own: Fields;
}

function claimsOf({ request: { server, info }, signer, spec, now, own }: ClaimsInput): TokenClaims {
  const seconds = Math.floor(now.getTime() / 1000);
  return {
    aud: stringsIn(spec, 'audiences'),
    exp: seconds + (numberIn(spec, 'expirationSeconds') ?? 0),
    iat: seconds,
    iss: signer.issuer,
    jti: server.randomness.uuid(),
    'kubernetes.io': { namespace: info.namespace, ...own },
    nbf: seconds,
    sub: `system:serviceaccount:${info.namespace}:${info.name}`,
  };
}
