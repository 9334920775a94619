import type { KubeObject } from '../../../model/kube-object.ts';
import { deepEqual } from '../../../model/deep-equal.ts';
import type { JsonValue } from '../../../model/json-value.ts';
import { forbidden, internalError } from '../../../model/status-errors.ts';
import { DecodeError } from '../../../model/decode/decode-error.ts';
import { PatchError } from '../../../model/patch/patch-error.ts';
import type { ApiServer } from '../../api-server.ts';
import { textIn } from '../../kinds/fields.ts';
import { groupResourceOf, type ServedResource } from '../../served-resource.ts';
import type { AdmissionAttributes } from '../admission-attributes.ts';
import { AccessChecks } from './access-checks.ts';
import { admissionRequest } from './admission-request.ts';
import { callWebhook } from './call-webhook.ts';
import type { ConfiguredWebhook } from './configured-webhook.ts';
import { type MatchedResource, RequestMatcher } from './request-matcher.ts';

/** Asks validating webhooks, all at once. Answers their warnings. Throws what the first of them refuses with. */
export async function askValidatingWebhooks(
  server: ApiServer,
  attributes: AdmissionAttributes,
  webhooks: readonly ConfiguredWebhook[],
): Promise<string[]> {
  const matcher = new RequestMatcher(server, attributes);
  const meant: { webhook: ConfiguredWebhook; matched: MatchedResource }[] = [];
  for (const webhook of webhooks) {
    const matched = await meantFor(server, webhook, matcher);
    if (matched !== undefined) meant.push({ webhook, matched });
  }
  const answers = await Promise.allSettled(
    meant.map(({ webhook, matched }) => callWebhook({ server, webhook, attributes, matched }, false)),
  );
  return answers.flatMap((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value.warnings;
  });
}

/**
 * Asks mutating webhooks, one after the other, each about what those before made of the object. When one changed it, those that want
 * to be asked again (reinvocationPolicy IfNeeded) and were asked before are asked once more.
 */
export async function askMutatingWebhooks(
  server: ApiServer,
  attributes: AdmissionAttributes,
  webhooks: readonly ConfiguredWebhook[],
): Promise<{ object: KubeObject | undefined; warnings: string[] }> {
  const warnings: string[] = [];
  let { object } = attributes;
  const asked: ConfiguredWebhook[] = [];
  const again = new Set<ConfiguredWebhook>();
  const round = async (all: readonly ConfiguredWebhook[], first: boolean): Promise<void> => {
    for (const webhook of all) {
      const now = { ...attributes, object };
      const matched = await meantFor(server, webhook, new RequestMatcher(server, now));
      if (matched === undefined) continue;
      const answer = await callWebhook({ server, webhook, attributes: now, matched }, true);
      warnings.push(...answer.warnings);
      const patched = await patchedBy(webhook, now, matched, answer.patch);
      if (patched !== undefined && !deepEqual(patched, object)) {
        object = patched;
        if (first) for (const each of asked) again.add(each);
      }
      if (first && textIn(webhook.spec, 'reinvocationPolicy') === 'IfNeeded') asked.push(webhook);
    }
  };
  await round(webhooks, true);
  if (again.size > 0) await round([...again], false);
  return { object, warnings };
}

/** As what a webhook is to see the request; undefined when it is not meant. Throws Forbidden when its conditions fail. */
async function meantFor(
  server: ApiServer,
  webhook: ConfiguredWebhook,
  matcher: RequestMatcher,
): Promise<MatchedResource | undefined> {
  const { attributes } = matcher;
  const matched = await matcher.matchWebhook(webhook.spec);
  if (matched === undefined || webhook.conditions === undefined) return matched;
  const { conditions } = webhook;
  const access = new AccessChecks(server, attributes);
  const input = {
    object: matched.object,
    old: matched.old,
    request: admissionRequest(attributes, matched),
    namespace: undefined,
    params: undefined,
    authorizer: access.authorizer,
  };
  const result = await access.settled(() => conditions.match(input));
  if ('failure' in result) throw forbidden(groupResourceOf(attributes.served), attributes.name, result.failure);
  return result.matches ? matched : undefined;
}

/** What a webhook made of the object, in the request's version and with defaults; undefined when it changed nothing. */
async function patchedBy(
  { name }: ConfiguredWebhook,
  { served, subresource }: AdmissionAttributes,
  matched: MatchedResource,
  patch: JsonValue | undefined,
): Promise<KubeObject | undefined> {
  if (patch === undefined || (Array.isArray(patch) && patch.length === 0)) return undefined;
  if (matched.object === undefined || subresource === 'scale') {
    const what = `admission webhook ${JSON.stringify(name)} attempted to modify the object`;
    throw internalError(`${what}, which is not supported for this operation`);
  }
  const { applyJsonPatch } = await import('../../../model/patch/json-patch.ts');
  try {
    const patched = applyJsonPatch(matched.object as unknown as JsonValue, patch);
    return fromPatched(served, matched.served, patched as unknown as KubeObject);
  } catch (error) {
    if (error instanceof PatchError || error instanceof DecodeError) throw internalError(error.message);
    throw error;
  }
}

function fromPatched(served: ServedResource, seen: ServedResource, patched: KubeObject): KubeObject {
  const { object } = seen.decode(patched, 'json');
  seen.strategy.defaults(object);
  return served === seen ? object : served.fromStored(seen.toStored(object));
}
