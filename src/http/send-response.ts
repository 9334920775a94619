import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { ApiResponse } from '../model/api-message.ts';
import { encodeBody } from './encode-body.ts';

/** kube-apiserver compresses answers from here on, and as fast as it can. */
const GZIP_FROM_BYTES = 128 * 1024;
const GZIP_LEVEL = 1;
/** Programs with a person in front of them. */
const BROWSERS = /^(?:curl|Wget|Mozilla)\//;

/** Writes an answer that is no stream. Resolves when it was handed to the socket. */
export async function sendResponse(
  request: IncomingMessage,
  response: ServerResponse,
  answer: ApiResponse,
): Promise<void> {
  const { body, headers, status } = answer;
  setHeaders(response, answer);
  if (body === undefined) {
    response.writeHead(status);
    response.end();
    return;
  }
  const contentType =
    headers['content-type'] ?? (typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json');
  const plain = Buffer.from(await encodeBody(body, contentType, wantsPretty(request)));
  const bytes = await compressed(request, response, plain);
  response.setHeader('content-type', contentType);
  response.setHeader('content-length', bytes.length);
  response.writeHead(status);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Sets an answer's own headers; a warning a line becomes a header each. */
export function setHeaders(response: ServerResponse, { headers }: ApiResponse): void {
  response.setHeader('cache-control', 'no-cache, private');
  for (const [name, value] of Object.entries(headers)) {
    // A header carries bytes: what is not ASCII goes as UTF-8.
    const wire = Buffer.from(value, 'utf8').toString('latin1');
    response.setHeader(name, name === 'warning' ? wire.split('\n') : wire);
  }
}

function wantsPretty({ url = '', headers }: IncomingMessage): boolean {
  const asked = /[?&]pretty(?:=([^&]*))?/.exec(url);
  if (asked !== null) return !['0', 'false'].includes(asked[1] ?? '');
  return BROWSERS.test(headers['user-agent'] ?? '');
}

async function compressed(request: IncomingMessage, response: ServerResponse, plain: Buffer): Promise<Buffer> {
  const accepted = /\bgzip\b(?!;q=0(?:[,\s]|$))/.test(request.headers['accept-encoding'] ?? '');
  if (plain.length < GZIP_FROM_BYTES || !accepted || request.method !== 'GET') return plain;
  response.setHeader('content-encoding', 'gzip');
  response.appendHeader('vary', 'Accept-Encoding');
  return promisify(zlib.gzip)(plain, { level: GZIP_LEVEL });
}
