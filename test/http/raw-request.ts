import https from 'node:https';
import { type RunningServer, TOKEN } from './running-server.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly bytes: Buffer;
  json(): Record<string, unknown>;
}

interface RawRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** Ends the request when so many bytes of the answer have come. */
  readonly bytes?: number;
}

/** A request past the transport, to see what goes over the wire. */
export async function rawRequest(
  { server, authority }: Pick<RunningServer, 'server' | 'authority'>,
  path: string,
  { method = 'GET', headers = {}, body, bytes: enough = Infinity }: RawRequest = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    // Node.js says no length of its own for the body of a DELETE.
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const all = { authorization: `Bearer ${TOKEN}`, ...length, ...headers };
    const options = { method, ca: authority.cert, agent: false as const, headers: all };
    const request = https.request(`${server.url}${path}`, options, (response) => {
      const chunks: Buffer[] = [];
      const finish = (): void => {
        const bytes = Buffer.concat(chunks);
        const json = (): Record<string, unknown> => JSON.parse(bytes.toString()) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, json });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (chunks.reduce((sum, each) => sum + each.length, 0) < enough) return;
        finish();
        request.destroy();
      });
      response.on('error', reject);
      response.on('end', finish);
    });
    request.on('error', reject);
    request.end(body);
  });
}
