import type { KubeObject } from '../../../model/kube-object.ts';
import { forbidden } from '../../../model/status-errors.ts';
import { StatusError, type StatusReason } from '../../../model/status.ts';
import type { ApiServer } from '../../api-server.ts';
import { objectIn, partOf, stringsIn, textIn } from '../../kinds/fields.ts';
import { groupResourceOf } from '../../served-resource.ts';
import type { AdmissionAttributes } from '../admission-attributes.ts';
import { AccessChecks } from './access-checks.ts';
import { admissionRequest } from './admission-request.ts';
import { collectParams, ParamsError, paramResource } from './policy-params.ts';
import { type MatchedResource, RequestMatcher } from './request-matcher.ts';
import type { Denial, ValidatingPolicy } from './validating-policy.ts';

/** A policy with the bindings that put it to use. */
export interface BoundPolicy {
  readonly policy: ValidatingPolicy;
  readonly bindings: readonly KubeObject[];
}

/** Why a request is refused, and by whom; a policy that cannot be used at all has no binding. */
interface Refusal extends Denial {
  readonly policy: string;
  readonly binding?: string;
}

/**
 * Evaluates policies (ValidatingAdmissionPolicy) about a request. Answers what those say that only warn; throws what the first
 * that denies says, with its reason and code.
 */
export async function askPolicies(
  server: ApiServer,
  attributes: AdmissionAttributes,
  bound: readonly BoundPolicy[],
): Promise<string[]> {
  const question = new Question(server, attributes);
  for (const { policy, bindings } of bound) await question.ask(policy, bindings);
  const [first] = question.refusals;
  if (first !== undefined) throw refusalStatus(attributes, first, question.warnings);
  return question.warnings;
}

/** One request, put to policies. */
class Question {
  readonly refusals: Refusal[] = [];
  readonly warnings: string[] = [];
  readonly #server: ApiServer;
  readonly #attributes: AdmissionAttributes;
  readonly #matcher: RequestMatcher;
  readonly #access: AccessChecks;

  constructor(server: ApiServer, attributes: AdmissionAttributes) {
    this.#server = server;
    this.#access = new AccessChecks(server, attributes);
    this.#attributes = attributes;
    this.#matcher = new RequestMatcher(server, attributes);
  }

  async ask(policy: ValidatingPolicy, bindings: readonly KubeObject[]): Promise<void> {
    const constraints = partOf(policy.spec, 'matchConstraints');
    await this.#configured(policy, undefined, async () => {
      const matched = await this.#matcher.matchResources(constraints);
      if (matched === undefined) return;
      const resource = await paramResource(this.#server, policy.spec);
      for (const binding of bindings) {
        await this.#configured(policy, binding, async () => {
          const spec = partOf(binding, 'spec');
          const scope = objectIn(spec, 'matchResources');
          if (scope !== undefined && (await this.#matcher.matchResources(scope)) === undefined) return;
          const reference = objectIn(spec, 'paramRef');
          const params = await collectParams(this.#server, resource, reference, this.#attributes.namespace);
          for (const each of params) await this.#evaluate(policy, binding, { matched, params: each });
        });
      }
    });
  }

  /** What cannot be used is against every request, unless the policy says that it is to be ignored. */
  async #configured(
    policy: ValidatingPolicy,
    binding: KubeObject | undefined,
    run: () => Promise<void>,
  ): Promise<void> {
    try {
      await run();
    } catch (error) {
      const wrong = error instanceof ParamsError || (error instanceof StatusError && error.reason === 'NotFound');
      if (!wrong) throw error;
      if (!policy.fails) return;
      const what = binding === undefined ? 'policy' : 'binding';
      const name = binding?.metadata.name;
      this.refusals.push({
        policy: policy.name,
        ...(name === undefined ? {} : { binding: name }),
        message: `failed to configure ${what}: ${error.message}`,
      });
    }
  }

  async #evaluate(
    policy: ValidatingPolicy,
    binding: KubeObject,
    { matched, params }: { matched: MatchedResource; params: KubeObject | null | undefined },
  ): Promise<void> {
    const input = {
      object: matched.object,
      old: matched.old,
      request: admissionRequest(this.#attributes, matched),
      namespace: await this.#matcher.namespace(),
      params,
      authorizer: this.#access.authorizer,
    };
    const denials = await this.#access.settled(() => policy.evaluate(input));
    const { name = '' } = binding.metadata;
    const actions = stringsIn(partOf(binding, 'spec'), 'validationActions');
    for (const denial of denials) {
      if (denial.always || actions.includes('Deny')) {
        this.refusals.push({ ...denial, policy: policy.name, binding: name });
      }
      if (actions.includes('Warn') && !denial.always) {
        this.warnings.push(
          `Validation failed for ValidatingAdmissionPolicy '${policy.name}' with binding '${name}': ${denial.message}`,
        );
      }
    }
  }
}

const CODES: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
};

/** The Status of a refusal: worded as forbidden, with the reason and code that the validation has. */
function refusalStatus(
  { served, object, name }: AdmissionAttributes,
  refusal: Refusal,
  warnings: readonly string[],
): StatusError {
  const by = refusal.binding === undefined ? '' : ` with binding '${refusal.binding}'`;
  const message = `ValidatingAdmissionPolicy '${refusal.policy}'${by} denied request: ${refusal.message}`;
  const { status } = forbidden(groupResourceOf(served), name === '' ? (object?.metadata.name ?? '') : name, message);
  const reason = (refusal.reason ?? 'Invalid') as StatusReason;
  const causes = [...(status.details?.causes ?? []), { message }];
  const details = { ...status.details, causes };
  return new StatusError({ ...status, reason, code: CODES[reason] ?? 422, details }, { warnings });
}

/** Which policies are bound to be asked, from what is stored, in the order of their names. */
export function bindPolicies(
  policies: readonly ValidatingPolicy[],
  bindings: readonly KubeObject[],
): readonly BoundPolicy[] {
  const nameOf = (binding: KubeObject): string => textIn(partOf(binding, 'spec'), 'policyName');
  return policies
    .map((policy) => ({ policy, bindings: bindings.filter((binding) => nameOf(binding) === policy.name) }))
    .filter((bound) => bound.bindings.length > 0);
}
