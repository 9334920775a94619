import { isJsonObject, type JsonObject, type JsonValue } from '../../../model/json-value.ts';
import { parseWireJson, wireJsonText } from '../../../model/wire-json.ts';
import { badRequest, failure, internalError } from '../../../model/status-errors.ts';
import type { Status, StatusReason } from '../../../model/status.ts';
import { StatusError } from '../../../model/status.ts';
import type { WebhookCall } from '../../../model/webhook-caller.ts';
import { type ApiServer, strategyContext } from '../../api-server.ts';
import { type Fields, numberIn, objectIn, partOf, stringsIn, textIn } from '../../kinds/fields.ts';
import type { AdmissionAttributes } from '../admission-attributes.ts';
import { admissionReview } from './admission-request.ts';
import type { ConfiguredWebhook } from './configured-webhook.ts';
import type { MatchedResource } from './request-matcher.ts';

/** What a webhook that allows a request says. */
interface WebhookAnswer {
  readonly warnings: readonly string[];
  /** The JSON patch of a mutating webhook. */
  readonly patch: JsonValue | undefined;
}

/** A webhook, and the request that it is asked about. */
interface WebhookQuestion {
  readonly server: ApiServer;
  readonly webhook: ConfiguredWebhook;
  readonly attributes: AdmissionAttributes;
  readonly matched: MatchedResource;
}

/** That a webhook could not be asked; its failurePolicy says what that means. */
class WebhookFailure extends Error {
  override readonly name = 'WebhookFailure';
}

const DEFAULT_SECONDS = 10;
const VERSIONS = ['v1', 'v1beta1'];
const EMPTY: WebhookAnswer = { warnings: [], patch: undefined };

/**
 * Asks a webhook about a request. Throws what it refuses with (a StatusError in kube-apiserver's words), and WebhookFailure when
 * it cannot be asked and its failurePolicy is Fail; with Ignore that is as if it had not been asked.
 */
export async function callWebhook(question: WebhookQuestion, mutating: boolean): Promise<WebhookAnswer> {
  const { webhook, attributes } = question;
  checkDryRun(webhook, attributes);
  try {
    return await ask(question, mutating);
  } catch (error) {
    if (!(error instanceof WebhookFailure)) throw error;
    if (textIn(webhook.spec, 'failurePolicy') === 'Ignore') return EMPTY;
    throw internalError(`failed calling webhook ${JSON.stringify(webhook.name)}: ${error.message}`);
  }
}

function checkDryRun({ name, spec }: ConfiguredWebhook, { dryRun }: AdmissionAttributes): void {
  if (!dryRun || ['None', 'NoneOnDryRun'].includes(textIn(spec, 'sideEffects'))) return;
  throw badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
}

async function ask(question: WebhookQuestion, mutating: boolean): Promise<WebhookAnswer> {
  const { server, webhook, attributes, matched } = question;
  const version = stringsIn(webhook.spec, 'admissionReviewVersions').find((each) => VERSIONS.includes(each));
  if (version === undefined) {
    const why = 'webhook does not accept known AdmissionReview versions (v1, v1beta1)';
    throw new WebhookFailure(`could not create admission objects: ${why}`);
  }
  const uid = server.randomness.uuid();
  const review = admissionReview(attributes, matched, { uid, version });
  const text = await send(server, webhook, wireJsonText(review));
  const response = verified(parsed(text), { uid, version, mutating });
  const warnings = stringsIn(response, 'warnings');
  if (response['allowed'] !== true) throw rejection(webhook.name, objectIn(response, 'status'));
  return { warnings, patch: mutating ? patchOf(response) : undefined };
}

/** The text of the webhook's answer. */
async function send(server: ApiServer, webhook: ConfiguredWebhook, body: string): Promise<string> {
  const seconds = numberIn(webhook.spec, 'timeoutSeconds') ?? DEFAULT_SECONDS;
  const config = partOf(webhook.spec, 'clientConfig');
  const url = `${addressOf(config)}?timeout=${String(seconds)}s`;
  const bundle = textIn(config, 'caBundle');
  const call: WebhookCall = {
    url,
    body,
    timeoutMilliseconds: seconds * 1000,
    ...(bundle === '' ? {} : { caBundle: Buffer.from(bundle, 'base64') }),
  };
  try {
    const answer = await reach(server, config, call);
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw new WebhookFailure(`failed to call webhook: ${statusText(answer)}`);
  } catch (error) {
    if (error instanceof WebhookFailure) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new WebhookFailure(`failed to call webhook: Post ${JSON.stringify(url)}: ${why}`);
  }
}

function addressOf(config: Fields): string {
  const service = objectIn(config, 'service');
  if (service === undefined) return textIn(config, 'url').split('?')[0] ?? '';
  const port = numberIn(service, 'port') ?? 443;
  const path = textIn(service, 'path');
  const host = `${textIn(service, 'name')}.${textIn(service, 'namespace')}.svc:${String(port)}`;
  return `https://${host}${path === '' ? '/' : path}`;
}

/** A webhook behind a Service needs the network of a cluster, which is not there. */
async function reach(server: ApiServer, config: Fields, call: WebhookCall): Promise<{ status: number; body: string }> {
  const service = objectIn(config, 'service');
  if (service === undefined) {
    if (server.callWebhook === undefined) throw new Error('this server calls no webhooks');
    return server.callWebhook(call);
  }
  const [namespace, name] = [textIn(service, 'namespace'), textIn(service, 'name')];
  const found = await strategyContext(server).get('services', namespace, name);
  if (found === undefined) throw new Error(`service ${JSON.stringify(name)} not found`);
  const address = textIn(partOf(found, 'spec'), 'clusterIP');
  const where = `${address}:${String(numberIn(service, 'port') ?? 443)}`;
  throw new Error(`dial tcp ${where}: connect: network is unreachable (there is no cluster network here)`);
}

/** Why a server did not answer as it should, as client-go tells it. */
function statusText({ status, body }: { status: number; body: string }): string {
  const own = isStatus(body);
  if (own !== undefined) return own;
  switch (status) {
    case 400:
      return 'the server rejected our request for an unknown reason';
    case 401:
      return 'the server has asked for the client to provide credentials';
    case 404:
      return 'the server could not find the requested resource';
    case 405:
      return 'the server does not allow this method on the requested resource';
    case 503:
      return 'the server is currently unable to handle the request';
    case 504:
      return 'the server was unable to return a response in the time allotted, but may still be processing the request';
    default:
      return status >= 500
        ? `an error on the server (${JSON.stringify(body.trim() === '' ? 'unknown' : body.trim())}) has prevented the request from succeeding`
        : 'unknown';
  }
}

/** The message of an answer that is a Status. */
function isStatus(body: string): string | undefined {
  try {
    const value = parseWireJson(body);
    if (isJsonObject(value) && value['kind'] === 'Status' && typeof value['message'] === 'string') {
      return value['message'];
    }
  } catch {
    return undefined;
  }
  return undefined;
}

function parsed(text: string): JsonObject {
  try {
    const value = parseWireJson(text);
    if (isJsonObject(value)) return value;
    throw new Error('the answer is no JSON object');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new WebhookFailure(`failed to call webhook: couldn't get version/kind; json parse error: ${why}`);
  }
}

/** The response in a review (VerifyAdmissionResponse). */
function verified(
  review: JsonObject,
  { uid, version, mutating }: { uid: string; version: string; mutating: boolean },
): Fields {
  const fail = (why: string): WebhookFailure => new WebhookFailure(`received invalid webhook response: ${why}`);
  const response = objectIn(review, 'response');
  if (response === undefined) throw fail('webhook response was absent');
  if (version !== 'v1') return response;
  if (response['uid'] !== uid) {
    throw fail(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(textIn(response, 'uid'))}`);
  }
  const [apiVersion, kind] = [textIn(review, 'apiVersion'), textIn(review, 'kind')];
  if (apiVersion !== 'admission.k8s.io/v1' || kind !== 'AdmissionReview') {
    const got = `${apiVersion}, Kind=${kind}`;
    throw fail(`expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${got}`);
  }
  const [patch, type] = [textIn(response, 'patch') !== '', response['patchType'] !== undefined];
  if (!mutating) {
    if (patch) throw fail('validating webhook may not return response.patch');
    if (type) throw fail('validating webhook may not return response.patchType');
    return response;
  }
  if (patch && !type) throw fail('webhook returned response.patch but not response.patchType');
  if (!patch && type) throw fail('webhook returned response.patchType but not response.patch');
  if (type && textIn(response, 'patchType') === '') throw fail('webhook returned invalid response.patchType of ""');
  return response;
}

function patchOf(response: Fields): JsonValue | undefined {
  const patch = textIn(response, 'patch');
  if (patch === '') return undefined;
  const type = textIn(response, 'patchType');
  // v1beta1 knows of no other.
  if (type !== '' && type !== 'JSONPatch') throw new WebhookFailure(`unsupported patch type ${JSON.stringify(type)}`);
  try {
    return parseWireJson(Buffer.from(patch, 'base64').toString()) as JsonValue;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new WebhookFailure(`received undecodable patch in webhook response: ${why}`);
  }
}

/** What a webhook that does not allow a request says, as a Status (ToStatusErr). */
function rejection(name: string, result: Fields | undefined): StatusError {
  const by = `admission webhook ${JSON.stringify(name)} denied the request`;
  const message = textIn(result ?? {}, 'message');
  const reason = textIn(result ?? {}, 'reason');
  const said = message === '' ? reason : message;
  const code = numberIn(result ?? {}, 'code') ?? 0;
  const { status } = failure({
    code: code < 400 ? 400 : code,
    reason: reason as StatusReason,
    message: said === '' ? `${by} without explanation` : `${by}: ${said}`,
  });
  const details = objectIn(result ?? {}, 'details') as Status['details'];
  return new StatusError(details === undefined ? status : { ...status, details });
}
