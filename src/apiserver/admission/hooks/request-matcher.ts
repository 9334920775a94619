import type { KubeObject } from '../../../model/kube-object.ts';
import { notFound } from '../../../model/status-errors.ts';
import { type ApiServer, strategyContext } from '../../api-server.ts';
import { type Fields, objectsIn, textIn } from '../../kinds/fields.ts';
import type { ServedResource } from '../../served-resource.ts';
import type { GroupVersionKind } from '../../group-version-kind.ts';
import { type AdmissionAttributes, kindOf } from '../admission-attributes.ts';
import { labelsMatch, type MatchedRequest, rulesMatch, selects } from './rule-matches.ts';

/** A request as a policy or webhook is to see it: in the version of the resource that its rules name. */
export interface MatchedResource {
  readonly served: ServedResource;
  readonly kind: GroupVersionKind;
  readonly object: KubeObject | undefined;
  readonly old: KubeObject | undefined;
}

/** Which policies and webhooks are about one request; reads what it needs for that once. */
export class RequestMatcher {
  readonly attributes: AdmissionAttributes;
  readonly #server: ApiServer;
  #namespace: Promise<KubeObject | undefined> | undefined;
  #equivalents: Promise<ServedResource[]> | undefined;

  constructor(server: ApiServer, attributes: AdmissionAttributes) {
    this.#server = server;
    this.attributes = attributes;
  }

  /** The namespace that the object is in; undefined for cluster-wide objects, and Namespaces. */
  namespace(): Promise<KubeObject | undefined> {
    const { served, namespace } = this.attributes;
    if (namespace === '' || !served.info.namespaced) return Promise.resolve(undefined);
    this.#namespace ??= strategyContext(this.#server).get('namespaces', '', namespace);
    return this.#namespace;
  }

  /** What MatchResources say. Undefined when the request does not match. Rejects with NotFound for a missing namespace. */
  async matchResources(match: Fields): Promise<MatchedResource | undefined> {
    if (!(await this.#selectorsMatch(match))) return undefined;
    const exact = textIn(match, 'matchPolicy') === 'Exact';
    if ((await this.#resource(objectsIn(match, 'excludeResourceRules'), exact)) !== undefined) return undefined;
    const rules = objectsIn(match, 'resourceRules');
    return rules.length === 0 ? this.#as(this.attributes.served) : this.#resource(rules, exact);
  }

  /** What a webhook's selectors and rules say. */
  async matchWebhook(webhook: Fields): Promise<MatchedResource | undefined> {
    if (!(await this.#selectorsMatch(webhook))) return undefined;
    return this.#resource(objectsIn(webhook, 'rules'), textIn(webhook, 'matchPolicy') === 'Exact');
  }

  async #selectorsMatch(match: Fields): Promise<boolean> {
    const { object, old, served, namespace } = this.attributes;
    if (!labelsMatch(match, 'objectSelector', [object?.metadata, old?.metadata].map(labelsOf))) return false;
    const isNamespace = served.info.group === '' && served.info.plural === 'namespaces';
    if (!selects(match, 'namespaceSelector') || (namespace === '' && !isNamespace)) return true;
    return labelsMatch(match, 'namespaceSelector', [await this.#namespaceLabels(isNamespace)]);
  }

  async #namespaceLabels(isNamespace: boolean): Promise<Readonly<Record<string, string>>> {
    const { object, old, namespace } = this.attributes;
    if (isNamespace) return (object ?? old)?.metadata.labels ?? {};
    const found = await this.namespace();
    if (found === undefined) throw notFound({ group: '', resource: 'namespaces' }, namespace);
    return found.metadata.labels ?? {};
  }

  /** The resource that rules name: the request's own, or one that holds the same objects. */
  async #resource(rules: readonly Fields[], exact: boolean): Promise<MatchedResource | undefined> {
    if (rules.length === 0) return undefined;
    const { served } = this.attributes;
    if (rulesMatch(rules, this.#asked(served))) return this.#as(served);
    if (exact) return undefined;
    for (const other of await this.#others()) {
      if (rulesMatch(rules, this.#asked(other))) return this.#as(other);
    }
    return undefined;
  }

  #asked({ info }: ServedResource): MatchedRequest {
    const { subresource, operation, namespace, name } = this.attributes;
    return { group: info.group, version: info.version, resource: info.plural, subresource, operation, namespace, name };
  }

  #as(served: ServedResource): MatchedResource {
    const { object, old, kind } = this.attributes;
    if (served === this.attributes.served) return { served, kind, object, old };
    const convert = (each: KubeObject | undefined): KubeObject | undefined =>
      each === undefined ? undefined : served.fromStored(this.attributes.served.toStored(structuredClone(each)));
    return { served, kind: kindOf(served.info), object: convert(object), old: convert(old) };
  }

  /** Other groups and versions of the resource (EquivalentResourceMapper). */
  #others(): Promise<ServedResource[]> {
    this.#equivalents ??= this.#findOthers();
    return this.#equivalents;
  }

  async #findOthers(): Promise<ServedResource[]> {
    const { served } = this.attributes;
    const { info } = served;
    const groups = info.plural === 'events' ? ['', 'events.k8s.io'] : [info.group];
    const all = await this.#server.catalog.all();
    const same = all.filter(({ group, plural, version }) => {
      const own = group === info.group && version === info.version;
      return plural === info.plural && groups.includes(group) && !own;
    });
    const found = await Promise.all(
      same.map(({ group, version, plural }) => this.#server.catalog.find(group, version, plural)),
    );
    return found.filter((each) => each !== undefined);
  }
}

function labelsOf(metadata: KubeObject['metadata'] | undefined): Readonly<Record<string, string>> | undefined {
  return metadata === undefined ? undefined : (metadata.labels ?? {});
}
