import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { ApiResponse } from '../model/api-message.ts';
import { encodeBody } from './encode-body.ts';
import { isLongList, jsonPieces } from './json-pieces.ts';

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
  if (contentType === 'application/json' && isLongList(body) && request.method === 'GET' && !wantsPretty(request)) {
    return sendPieces(request, response, { status, contentType, pieces: jsonPieces(body) });
  }
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

/** Sends a text as it is made, no faster than the client takes it. */
async function sendPieces(
  request: IncomingMessage,
  response: ServerResponse,
  { status, contentType, pieces }: { status: number; contentType: string; pieces: Iterable<string> },
): Promise<void> {
  response.setHeader('content-type', contentType);
  const gzips = acceptsGzip(request);
  if (gzips) sayGzip(response);
  response.writeHead(status);
  const text = Readable.from(pieces, { objectMode: true, highWaterMark: 1 });
  await (gzips ? pipeline(text, zlib.createGzip({ level: GZIP_LEVEL }), response) : pipeline(text, response));
}

function acceptsGzip({ headers }: IncomingMessage): boolean {
  return /\bgzip\b(?!;q=0(?:[,\s]|$))/.test(headers['accept-encoding'] ?? '');
}

function sayGzip(response: ServerResponse): void {
  response.setHeader('content-encoding', 'gzip');
  response.appendHeader('vary', 'Accept-Encoding');
}

async function compressed(request: IncomingMessage, response: ServerResponse, plain: Buffer): Promise<Buffer> {
  if (plain.length < GZIP_FROM_BYTES || !acceptsGzip(request) || request.method !== 'GET') return plain;
  sayGzip(response);
  return promisify(zlib.gzip)(plain, { level: GZIP_LEVEL });
}
