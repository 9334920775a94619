import { readRequestedSubject } from './certificate-request.ts';
import { sameText } from './authenticate.ts';
import { writeKubeconfig } from './kubeconfig-file.ts';
import type { ApiHandler } from '../apiserver/handler.ts';
import type { UserInfo } from '../model/api-message.ts';
import { type HttpServer, listen, type ServerLimits } from './server.ts';
import { serverIdentity } from './server-identity.ts';
import type { CertificateSigner } from '../model/certificate-signer.ts';
import { signRequest } from './certificates.ts';

export interface StartServerOptions {
  readonly handler: ApiHandler;
  readonly address: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where certificates and token are kept for the next start. */
  readonly folder: string;
  /** A token of the caller's choice instead of a kept one. */
  readonly token?: string;
  /** Whose a token is that is not the server's own. */
  readonly tokenUser?: (token: string) => Promise<UserInfo | undefined>;
  readonly kubeconfigPath: string;
  /** Whether a kubeconfig that kube-lite did not write may be replaced. */
  readonly replaceKubeconfig?: boolean;
  readonly now: Date;
  readonly limits?: Partial<ServerLimits>;
  /** Runs after the last request has ended: closes what the handler used. */
  readonly onStopped?: () => Promise<void>;
}

/** A server that runs; the shape of ServerHandle in commands/context.ts. */
export interface RunningServer {
  readonly url: string;
  readonly kubeconfigPath: string;
  /** PEM of the authority that clients trust. */
  readonly certificateAuthority: string;
  /** Issues certificates of that authority. */
  readonly certificateSigner: CertificateSigner;
  /** Whether a text is the server's own token. */
  isOwnToken(text: string): boolean;
  /** Lets requests that run finish, then closes what the handler used. */
  stop(): Promise<void>;
  /** Resolves when the server has stopped; rejects when closing failed. */
  readonly stopped: Promise<void>;
}

/**
 * Puts a handler behind TLS and a token, and writes the kubeconfig by which kubectl finds it. Throws UserError when it
 * cannot listen, or may not write the kubeconfig.
 */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const { handler, address, port, folder, kubeconfigPath, token, now, limits } = options;
  const identity = await serverIdentity({ folder, hosts: [address], now, ...(token === undefined ? {} : { token }) });
  const server = await listen(handler, {
    address,
    port,
    tls: { ...identity.server, clientCa: identity.authority.cert },
    authentication: {
      token: identity.token,
      ...(options.tokenUser === undefined ? {} : { tokenUser: options.tokenUser }),
    },
    ...(limits === undefined ? {} : { limits }),
  });
  const url = reachable(server.url);
  try {
    const content = { server: url, certificateAuthority: identity.authority.cert, token: identity.token };
    await writeKubeconfig(kubeconfigPath, content, options.replaceKubeconfig);
  } catch (error) {
    await server.stop();
    throw error;
  }
  let begin = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const stopped = stopWhen(asked, server, options);
  // Whoever stops the server hears of a failure; nobody need wait for `stopped` as well.
  stopped.catch(() => undefined);
  return {
    url,
    kubeconfigPath,
    certificateAuthority: identity.authority.cert,
    certificateSigner: {
      sign: (wish) => signRequest(identity.authority, wish, new Date()),
      read: readRequestedSubject,
    },
    isOwnToken: (text) => sameText(text, identity.token),
    stop: async () => {
      begin();
      return stopped;
    },
    stopped,
  };
}

async function stopWhen(asked: Promise<void>, server: HttpServer, { onStopped }: StartServerOptions): Promise<void> {
  await asked;
  await server.stop();
  await onStopped?.();
}

/** A server on all addresses is reached on this machine's own. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}
