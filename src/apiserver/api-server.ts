import { ADMINISTRATOR } from '../model/administrator.ts';
import type { UserInfo } from '../model/api-message.ts';
import type { CertificateSigner, RequestedSubject } from '../model/certificate-signer.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { TokenSigner } from '../model/token-signer.ts';
import type { WebhookCaller } from '../model/webhook-caller.ts';
import type { ObjectStorage } from '../storage/object-storage.ts';
import type { AdmissionHooks } from './admission/admission-hooks.ts';
import type { Bootstrap } from './bootstrap.ts';
import type { Garbage } from './garbage.ts';
import type { KnownNamespaces } from './known-namespaces.ts';
import type { ServerMetrics } from './metrics/server-metrics.ts';
import type { OpenApiDocuments } from './openapi/openapi-documents.ts';
import type { QuotaKeeper } from './quota-keeper.ts';
import type { Randomness } from './randomness.ts';
import type { ResourceCatalog } from './served-resource.ts';
import type { SharedEvents } from './shared-events.ts';
import type { StrategyContext } from './strategy.ts';

/** What every request of one server shares. */
export interface ApiServer {
  readonly storage: ObjectStorage;
  readonly catalog: ResourceCatalog;
  readonly now: () => Date;
  readonly randomness: Randomness;
  readonly bootstrap: Bootstrap;
  readonly openApi: OpenApiDocuments;
  readonly garbage: Garbage;
  readonly quotas: QuotaKeeper;
  readonly knownNamespaces: KnownNamespaces;
  /** Policies and webhooks. */
  readonly hooks: AdmissionHooks;
  /** What reaches webhooks over the network; absent where there is none. */
  readonly callWebhook?: WebhookCaller | undefined;
  /** What issues certificates for those whose requests were approved; absent where nobody does. */
  readonly certificateSigner?: (() => CertificateSigner) | undefined;
  /** Tells whom a request for a certificate in PEM is for; rejects with RequestError. Absent where nobody can. */
  readonly requestedSubject?: ((request: string) => Promise<RequestedSubject>) | undefined;
  /** Whether the admission plug-in ServiceAccount is on. */
  readonly serviceAccounts: boolean;
  /** What makes tokens of service accounts; absent where there is no server that they could be shown to. */
  readonly signer?: TokenSigner | undefined;
  /** Whose a token is that the server has of its own. */
  readonly tokenOwner?: ((token: string) => UserInfo | undefined) | undefined;
  /** What is told at /metrics; absent where there is no server to ask. */
  readonly metrics?: ServerMetrics | undefined;
  /** Of a server with many watchers, who share what they are told; absent where each gets objects of its own. */
  readonly sharedEvents?: SharedEvents | undefined;
  /** Whether users may only do what roles allow; whoever asks in process may do everything anyway. */
  readonly rbac: boolean;
}

/** The rest of the cluster as a kind's strategy sees it, and who asks; whoever asks in process may do everything. */
export function strategyContext(
  { storage, catalog, now }: Pick<ApiServer, 'storage' | 'catalog' | 'now'>,
  user?: UserInfo,
): StrategyContext {
  const find = async (name: string) => {
    const dot = name.indexOf('.');
    const [plural, group] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)];
    return catalog.preferred(group, plural);
  };
  return {
    now,
    user: user ?? ADMINISTRATOR,
    async get(resource, namespace, name): Promise<KubeObject | undefined> {
      const served = await find(resource);
      if (served === undefined) return undefined;
      const found = await storage.get(served.stored, { namespace, name });
      return found === undefined ? undefined : served.fromStored(found.object);
    },
    async list(resource, namespace): Promise<KubeObject[]> {
      const served = await find(resource);
      if (served === undefined) return [];
      const { objects } = await storage.list(served.stored, namespace);
      return objects.map((object) => served.fromStored(object));
    },
  };
}
