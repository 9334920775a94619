import type { ApiRequest } from '../model/api-message.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { ResourceRequestInfo } from '../model/request-info.ts';
import type { ApiServer } from './api-server.ts';
import { createObject } from './create-object.ts';
import { inParallel } from './in-parallel.ts';
import { textIn, partOf } from './kinds/fields.ts';
import { isLeaseHeld } from './lease-held.ts';
import { updateObject } from './update-object.ts';
import type { WriteRequest } from './write-request.ts';

/** How many namespaces are filled at once. */
const AT_ONCE = 8;
const ACCOUNT = 'default';
const ROOT_CA = 'kube-root-ca.crt';
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';
const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

type Target = Pick<ResourceRequestInfo, 'group' | 'namespace' | 'resource' | 'name'>;

/**
 * What a cluster's controllers keep in every namespace: the ServiceAccount `default`, and where the server has an authority of
 * its own the ConfigMap `kube-root-ca.crt` with its certificate. They are made when a namespace is, and before a request that
 * could see that they are missing; they are left to a controller manager where one holds its lease. No request fails for them.
 */
export class NamespaceContent {
  readonly #server: ApiServer;
  readonly #authority: () => string | undefined;
  readonly #filled = new Set<string>();

  /** `authority` tells the certificate in PEM. */
  constructor(server: ApiServer, authority: () => string | undefined) {
    this.#server = server;
    this.#authority = authority;
  }

  /** Before a request is answered. */
  async before(target: Target): Promise<void> {
    if (!isContent(target) && !this.#needsAccount(target)) return;
    await this.#server.bootstrap.ensureForRead();
    const all = target.namespace === '' ? await this.#namespaces() : [target.namespace];
    const missing = all.filter((namespace) => !this.#filled.has(namespace));
    await inParallel(missing, AT_ONCE, (namespace) => this.#fill(namespace));
  }

  /** A new pod gets the account of its namespace, which must be there then. */
  #needsAccount({ group, resource, namespace }: Target): boolean {
    return this.#server.serviceAccounts && group === '' && resource === 'pods' && namespace !== '';
  }

  /** After a request that was answered with a success. */
  async after({ method }: Pick<ApiRequest, 'method'>, target: Target, object: unknown): Promise<void> {
    if (!WRITES.has(method)) return;
    if (target.group === '' && target.resource === 'namespaces') {
      const name = target.name === '' ? textIn(partOf({ object }, 'object', 'metadata'), 'name') : target.name;
      this.#filled.delete(name);
      if (method !== 'DELETE' && name !== '') await this.#fill(name);
    } else if (isContent(target) && method !== 'POST' && ['', ACCOUNT, ROOT_CA].includes(target.name)) {
      this.#filled.delete(target.namespace);
      await this.#fill(target.namespace);
    }
  }

  async #namespaces(): Promise<string[]> {
    const namespaces = await this.#server.catalog.preferred('', 'namespaces');
    if (namespaces === undefined) return [];
    const { objects } = await this.#server.storage.list(namespaces.stored, '');
    return objects.map(({ metadata }) => metadata.name ?? '');
  }

  async #fill(namespace: string): Promise<void> {
    try {
      if (await isLeaseHeld(this.#server, 'kube-system', 'kube-controller-manager')) return;
      const authority = this.#authority();
      await this.#keep('serviceaccounts', serviceAccount(namespace));
      if (authority !== undefined) await this.#keep('configmaps', rootAuthority(namespace, authority));
      this.#filled.add(namespace);
    } catch {
      // The namespace is not there, or going, or full; the next request tries again.
    }
  }

  /** Makes an object, or gives it the data that it should have. */
  async #keep(plural: string, wanted: KubeObject): Promise<void> {
    const served = await this.#server.catalog.preferred('', plural);
    if (served === undefined) return;
    const { name = '', namespace = '' } = wanted.metadata;
    const options = {
      dryRun: false,
      fieldValidation: 'Ignore',
      fieldManager: 'kube-controller-manager',
      force: false,
    } as const;
    const write: WriteRequest = { server: this.#server, served, namespace, subresource: '', options };
    const found = await this.#server.storage.get(served.stored, { namespace, name });
    if (found === undefined) {
      await createObject(write, wanted);
    } else if (
      wanted['data'] !== undefined &&
      JSON.stringify(found.object['data']) !== JSON.stringify(wanted['data'])
    ) {
      const make = (current = wanted): KubeObject => ({ ...current, data: wanted['data'] });
      await updateObject(write, { name: { namespace, name }, make, mayCreate: false });
    }
  }
}

function isContent({ group, resource }: Target): boolean {
  return group === '' && (resource === 'serviceaccounts' || resource === 'configmaps');
}

function serviceAccount(namespace: string): KubeObject {
  return { kind: 'ServiceAccount', apiVersion: 'v1', metadata: { name: ACCOUNT, namespace } };
}

function rootAuthority(namespace: string, authority: string): KubeObject {
  return {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: ROOT_CA, namespace, annotations: { 'kubernetes.io/description': DESCRIPTION } },
    data: { 'ca.crt': authority },
  };
}
