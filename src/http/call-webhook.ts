import https from 'node:https';
import type { WebhookCall } from '../model/webhook-caller.ts';

const MOST_BYTES = 3 * 1024 * 1024;

/** Calls a webhook over HTTPS; see WebhookCaller. */
export function callWebhook(call: WebhookCall): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const url = new URL(call.url);
    if (url.protocol !== 'https:') {
      reject(new Error(`unsupported protocol scheme ${JSON.stringify(url.protocol.slice(0, -1))}`));
      return;
    }
    const request = https.request(url, {
      method: 'POST',
      // A connection for each call: a command that ends waits for none.
      agent: false,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, */*',
        'user-agent': 'kube-apiserver-admission',
        'content-length': Buffer.byteLength(call.body),
      },
      ...(call.caBundle === undefined ? {} : { ca: call.caBundle }),
    });
    const fail = (error: Error): void => {
      clearTimeout(timer);
      request.destroy();
      reject(error);
    };
    const timer = setTimeout(() => {
      fail(new Error('context deadline exceeded'));
    }, call.timeoutMilliseconds);
    request.on('error', (error: NodeJS.ErrnoException) => {
      fail(new Error(reasonOf(error, url), { cause: error }));
    });
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > MOST_BYTES) fail(new Error('http: response body too large'));
      });
      response.on('error', (error: Error) => {
        fail(new Error('unexpected EOF', { cause: error }));
      });
      response.on('end', () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
      });
    });
    request.end(call.body);
  });
}

const UNKNOWN_AUTHORITY = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Why there was no answer, as Go says it. */
function reasonOf(error: NodeJS.ErrnoException & { address?: string; port?: number }, url: URL): string {
  const code = error.code ?? '';
  const where = `${error.address ?? url.hostname}:${String(error.port ?? (url.port || '443'))}`;
  const verify = 'tls: failed to verify certificate: x509:';
  if (UNKNOWN_AUTHORITY.has(code)) return `${verify} certificate signed by unknown authority`;
  switch (code) {
    case 'ECONNREFUSED':
      return `dial tcp ${where}: connect: connection refused`;
    case 'EHOSTUNREACH':
      return `dial tcp ${where}: connect: no route to host`;
    case 'ENETUNREACH':
      return `dial tcp ${where}: connect: network is unreachable`;
    case 'ETIMEDOUT':
      return `dial tcp ${where}: i/o timeout`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `dial tcp: lookup ${url.hostname}: no such host`;
    case 'ECONNRESET':
      return 'EOF';
    case 'CERT_HAS_EXPIRED':
      return `${verify} certificate has expired or is not yet valid`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `${verify} certificate is not valid for ${url.hostname}`;
    case 'EPROTO':
      return 'tls: first record does not look like a TLS handshake';
    default:
      return error.message;
  }
}
