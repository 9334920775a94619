import { tokenAuthenticator } from './apiserver/access/token-authenticator.ts';
import { BuiltInCatalog } from './apiserver/built-in-catalog.ts';
import { type ApiHandler, createApiHandler } from './apiserver/handler.ts';
import { RequestMetrics } from './apiserver/metrics/request-metrics.ts';
import type { ProcessUsage } from './apiserver/metrics/server-metrics.ts';
import { ADMINISTRATOR } from './model/administrator.ts';
import type { UserInfo } from './model/api-message.ts';
import type { CertificateSigner, RequestedSubject } from './model/certificate-signer.ts';
import type { TokenSigner } from './model/token-signer.ts';
import type { WebhookCaller } from './model/webhook-caller.ts';
import type { ObjectStorage } from './storage/object-storage.ts';

interface ServingHandlerOptions {
  readonly storage: ObjectStorage;
  readonly now: () => Date;
  readonly callWebhook?: WebhookCaller;
  readonly requestedSubject?: (request: string) => Promise<RequestedSubject>;
  readonly signer: TokenSigner;
  readonly authorizationMode: 'RBAC' | 'AlwaysAllow';
  /** Whether the admission plug-in ServiceAccount is on. */
  readonly serviceAccounts?: boolean;
  readonly isOwnToken: (token: string) => boolean;
  /** Whether what a cluster's controllers do for namespaces is done; tells the server's own authority, in PEM. */
  readonly certificateAuthority?: (() => string | undefined) | undefined;
  /** What issues certificates for those whose requests were approved; absent: nobody does. */
  readonly certificateSigner?: (() => CertificateSigner) | undefined;
  /** What the process has used, for /metrics; absent: there is no /metrics. */
  readonly usage?: (() => ProcessUsage) | undefined;
}

/** The API server of a store as it is for a server with users: with access control and tokens of service accounts. */
export function servingHandler(options: ServingHandlerOptions): {
  handler: ApiHandler;
  tokenUser: (token: string) => Promise<UserInfo | undefined>;
} {
  const { storage, now, callWebhook, signer, authorizationMode, isOwnToken, usage, certificateAuthority } = options;
  const requests = new RequestMetrics(() => performance.now());
  const handler = createApiHandler({
    storage,
    now,
    ...(callWebhook === undefined ? {} : { callWebhook }),
    ...(options.requestedSubject === undefined ? {} : { requestedSubject: options.requestedSubject }),
    signer,
    authorization: authorizationMode,
    serviceAccounts: options.serviceAccounts ?? false,
    storePolicy: authorizationMode === 'RBAC',
    sharedWatches: true,
    ...(certificateAuthority === undefined ? {} : { namespaceContent: { certificateAuthority } }),
    ...(options.certificateSigner === undefined ? {} : { certificateSigner: options.certificateSigner }),
    ...(usage === undefined ? {} : { metrics: { requests, usage } }),
    tokenOwner: (token) => (isOwnToken(token) ? ADMINISTRATOR : undefined),
  });
  return { handler, tokenUser: tokenAuthenticator({ storage, catalog: new BuiltInCatalog(), now, signer }) };
}
