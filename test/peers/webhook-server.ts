import https from 'node:https';
import { createAuthority, createServerCertificate } from '../../src/http/certificates.ts';

/** What a webhook was asked. */
export interface AskedReview {
  readonly path: string;
  readonly request: Record<string, unknown> & { readonly uid: string; readonly operation: string };
}

/** An admission webhook of the tests' own, behind TLS. */
export interface WebhookServer {
  readonly url: string;
  /** The authority that its certificate is from, as base64 for a caBundle. */
  readonly caBundle: string;
  readonly asked: AskedReview[];
  stop(): Promise<void>;
}

/** What a webhook says: a response without its uid, a status code with a body, or nothing ever. */
export type WebhookReply =
  | Readonly<Record<string, unknown>>
  | { readonly statusCode: number; readonly text: string }
  | 'silence';

/** Starts a webhook on a port of its own that answers reviews as `reply` says. */
export async function startWebhook(reply: (review: AskedReview) => WebhookReply): Promise<WebhookServer> {
  const authority = await createAuthority(new Date());
  const { cert, key } = await createServerCertificate(authority, ['127.0.0.1', 'localhost'], new Date());
  const asked: AskedReview[] = [];
  const server = https.createServer({ cert, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { request: AskedReview['request'] };
      const review = { path: request.url ?? '', request: body.request };
      asked.push(review);
      const said = reply(review);
      if (said === 'silence') return;
      if ('statusCode' in said) {
        response.writeHead(Number(said['statusCode'])).end(said['text']);
        return;
      }
      const answer = { ...said, uid: body.request.uid };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response: answer }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the webhook has no port');
  return {
    url: `https://127.0.0.1:${String(address.port)}/admit`,
    caBundle: Buffer.from(authority.cert).toString('base64'),
    asked,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

/** A JSON patch as a webhook's response has it. */
export function patchResponse(...operations: readonly unknown[]): Record<string, unknown> {
  const patch = Buffer.from(JSON.stringify(operations)).toString('base64');
  return { allowed: true, patchType: 'JSONPatch', patch };
}
