import type { KubeObject } from '../../../model/kube-object.ts';
import { type ApiServer, strategyContext } from '../../api-server.ts';
import type { CelLibrary } from '../../custom-resources/cel/expression.ts';
import { textIn } from '../../kinds/fields.ts';
import type { AdmissionAttributes } from '../admission-attributes.ts';
import type { HookSource, StoredHooks } from '../admission-hooks.ts';
import { askMutatingWebhooks, askValidatingWebhooks } from './ask-webhooks.ts';
import { configuredWebhooks, type ConfiguredWebhook } from './configured-webhook.ts';
import type { MatchConditions } from './match-conditions.ts';
import type { ValidatingPolicy } from './validating-policy.ts';

const GROUP = 'admissionregistration.k8s.io';
const MOST_REMEMBERED = 200;

/** What one version of a stored object was compiled to. */
interface Remembered<T> {
  readonly version: string;
  readonly compiled: T;
}

/** Reads policies and webhooks from the store, where other processes write too; what is compiled is remembered. */
export class HookStore implements HookSource {
  readonly #server: ApiServer;
  #library: Promise<CelLibrary> | undefined;
  #policies = new Map<string, Remembered<ValidatingPolicy>>();
  /** By the versions of configurations and the names of webhooks. */
  readonly #conditions = new Map<string, MatchConditions>();

  constructor(server: ApiServer) {
    this.#server = server;
  }

  stored(): StoredHooks {
    return {
      mutate: (attributes) => this.#mutate(attributes),
      validate: (attributes) => this.#validate(attributes),
    };
  }

  async #mutate(attributes: AdmissionAttributes): Promise<{ object: KubeObject | undefined; warnings: string[] }> {
    const configurations = await this.#list('mutatingwebhookconfigurations');
    if (isExempt(attributes) || configurations.length === 0) return { object: attributes.object, warnings: [] };
    return askMutatingWebhooks(this.#server, attributes, await this.#webhooks(configurations));
  }

  async #validate(attributes: AdmissionAttributes): Promise<string[]> {
    if (isExempt(attributes)) return [];
    const [policies, bindings, configurations] = await Promise.all([
      this.#list('validatingadmissionpolicies'),
      this.#list('validatingadmissionpolicybindings'),
      this.#list('validatingwebhookconfigurations'),
    ]);
    const warnings: string[] = [];
    if (policies.length > 0 && bindings.length > 0) {
      const { askPolicies, bindPolicies } = await import('./ask-policies.ts');
      const bound = bindPolicies(await this.#compiled(policies), bindings);
      warnings.push(...(await askPolicies(this.#server, attributes, bound)));
    }
    if (configurations.length === 0) return warnings;
    return [
      ...warnings,
      ...(await askValidatingWebhooks(this.#server, attributes, await this.#webhooks(configurations))),
    ];
  }

  #list(plural: string): Promise<KubeObject[]> {
    return strategyContext(this.#server).list(`${plural}.${GROUP}`, '');
  }

  async #compiled(policies: readonly KubeObject[]): Promise<ValidatingPolicy[]> {
    const { ValidatingPolicy } = await import('./validating-policy.ts');
    const library = await this.#celLibrary();
    const known = this.#policies;
    this.#policies = new Map();
    for (const policy of policies) {
      const { uid = '', resourceVersion = '' } = policy.metadata;
      const before = known.get(uid);
      const compiled = before?.version === resourceVersion ? before.compiled : new ValidatingPolicy(library, policy);
      this.#policies.set(uid, { version: resourceVersion, compiled });
    }
    return [...this.#policies.values()].map(({ compiled }) => compiled);
  }

  #webhooks(configurations: readonly KubeObject[]): Promise<ConfiguredWebhook[]> {
    return configuredWebhooks(configurations, async (owner, { metadata }) => {
      const key = `${metadata.uid ?? ''}/${metadata.resourceVersion ?? ''}/${textIn(owner, 'name')}`;
      const known = this.#conditions.get(key);
      if (known !== undefined) return known;
      const { MatchConditions } = await import('./match-conditions.ts');
      const { PolicyExpressions } = await import('./policy-expressions.ts');
      const library = await this.#celLibrary();
      const conditions = new MatchConditions(new PolicyExpressions(library, false), owner);
      if (this.#conditions.size >= MOST_REMEMBERED) this.#conditions.clear();
      this.#conditions.set(key, conditions);
      return conditions;
    });
  }

  #celLibrary(): Promise<CelLibrary> {
    this.#library ??= import('../../custom-resources/cel/expression.ts').then(({ CelLibrary }) => new CelLibrary());
    return this.#library;
  }
}

/** Kinds that decide about requests are not decided about themselves, so that nobody is locked out. */
function isExempt({ served }: AdmissionAttributes): boolean {
  return served.info.group === GROUP;
}
