import type { KubeObject } from '../model/kube-object.ts';
import { StatusError } from '../model/status.ts';
import type { ObjectStorage, StoredKind } from '../storage/object-storage.ts';
import { StorageError } from '../storage/storage-error.ts';
import type { Randomness } from './randomness.ts';
import type { ResourceCatalog } from './served-resource.ts';

/** The namespaces that every cluster has. */
export const SYSTEM_NAMESPACES: readonly string[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

interface BootstrapOptions {
  readonly storage: ObjectStorage;
  readonly catalog: ResourceCatalog;
  readonly now: () => Date;
  readonly randomness: Randomness;
  readonly enabled: boolean;
}

/**
 * Makes the objects that kube-apiserver itself makes when it starts: the system namespaces and Service `kubernetes`. They
 * are made at the first request that could see or need them, so that a store is not written to by whoever only looks
 * elsewhere; many processes may do it at once.
 */
export class Bootstrap {
  readonly #options: BootstrapOptions;
  #done: Promise<void> | undefined;

  constructor(options: BootstrapOptions) {
    this.#options = options;
  }

  /** Resolves when the objects exist. Made once for a server; a failure is tried again by the next request. */
  ensure(): Promise<void> {
    if (!this.#options.enabled) return Promise.resolve();
    this.#done ??= this.#make().catch((error: unknown) => {
      this.#done = undefined;
      throw error;
    });
    return this.#done;
  }

  /** As ensure, for requests that only read: a store that may not be written to is shown as it is. */
  async ensureForRead(): Promise<void> {
    try {
      await this.ensure();
    } catch (error) {
      const cause = error instanceof StatusError ? error.cause : error;
      if (
        cause instanceof StorageError &&
        ['ReadOnly', 'LiveServer', 'PermissionDenied', 'NoSpace'].includes(cause.code)
      ) {
        return;
      }
      throw error;
    }
  }

  async #make(): Promise<void> {
    const { storage, catalog } = this.#options;
    const [namespaces, services] = await Promise.all([
      catalog.preferred('', 'namespaces'),
      catalog.preferred('', 'services'),
    ]);
    if (namespaces === undefined || services === undefined) return;
    const probe = await storage.get(namespaces.stored, { namespace: '', name: 'default' });
    if (probe !== undefined) return;
    const entry = (kind: StoredKind, namespace: string, name: string, object: KubeObject) => ({
      kind,
      name: { namespace, name },
      object,
    });
    await storage.createMissing([
      ...SYSTEM_NAMESPACES.map((name) => entry(namespaces.stored, '', name, this.#namespace(name))),
      entry(services.stored, 'default', 'kubernetes', this.#kubernetesService()),
    ]);
  }

  #metadata(name: string): { name: string; uid: string; creationTimestamp: string } {
    const { now, randomness } = this.#options;
    return { name, uid: randomness.uuid(), creationTimestamp: `${now().toISOString().slice(0, 19)}Z` };
  }

  #namespace(name: string): KubeObject {
    return {
      kind: 'Namespace',
      apiVersion: 'v1',
      metadata: { ...this.#metadata(name), labels: { 'kubernetes.io/metadata.name': name } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    };
  }

  #kubernetesService(): KubeObject {
    const labels = { component: 'apiserver', provider: 'kubernetes' };
    return {
      kind: 'Service',
      apiVersion: 'v1',
      metadata: { ...this.#metadata('kubernetes'), namespace: 'default', labels },
      spec: {
        ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }],
        clusterIP: '10.0.0.1',
        clusterIPs: ['10.0.0.1'],
        type: 'ClusterIP',
        sessionAffinity: 'None',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        internalTrafficPolicy: 'Cluster',
      },
      status: { loadBalancer: {} },
    };
  }
}
