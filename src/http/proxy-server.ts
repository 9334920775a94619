import fs from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ApiHandler } from '../apiserver/handler.ts';
import type { ApiMethod, ApiRequest, ApiResponse } from '../model/api-message.ts';
import { StatusError } from '../model/status.ts';
import { internalError } from '../model/status-errors.ts';
import { UserError } from '../model/user-error.ts';
import type { ProxyFilter } from './proxy-filter.ts';
import { readRequestBody } from './request-body.ts';
import { EventEncoder } from './encode-body.ts';
import { sendResponse } from './send-response.ts';
import { sendWatch } from './send-watch.ts';

/** Of one connection alone: never handed on. */
const HOP_BY_HOP = [
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'content-length',
  'accept-encoding',
  'proxy-authorization',
  'proxy-connection',
  'expect',
];
/** Said anew of the body that is sent. */
const OF_THE_BODY = ['content-encoding', 'date'];
const SLOW_READER = 60_000;
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

export interface ProxyOptions {
  readonly handler: ApiHandler;
  /** Absent: everything passes. */
  readonly filter: ProxyFilter | undefined;
  /** Ends with a slash. */
  readonly apiPrefix: string;
  readonly www: { readonly folder: string; readonly prefix: string } | undefined;
  readonly listen: { readonly address: string; readonly port: number } | { readonly socket: string };
}

/** A proxy that runs. */
export interface RunningProxy {
  /** `127.0.0.1:8001`, or the socket's path. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Serves an API over plain HTTP to this machine, without authentication: whoever reaches it acts as its owner. Rejects with
 * UserError when it cannot listen.
 */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const server = http.createServer((request, response) => void serve(request, response, options));
  const { listen } = options;
  const where = 'socket' in listen ? listen.socket : `${listen.address}:${listen.port}`;
  if ('socket' in listen && fs.lstatSync(listen.socket, { throwIfNoEntry: false })?.isSocket()) {
    fs.rmSync(listen.socket);
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new UserError(listenProblem(where, 'socket' in listen, error), { cause: error })),
    );
    if ('socket' in listen) server.listen(listen.socket, resolve);
    else server.listen(listen.port, listen.address, resolve);
  });
  if ('socket' in listen) fs.chmodSync(listen.socket, 0o600);
  const bound = server.address();
  return {
    address:
      bound !== null && typeof bound === 'object'
        ? `${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`
        : where,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function listenProblem(where: string, socket: boolean, error: Error): string {
  const code = 'code' in error ? error.code : '';
  const why =
    code === 'EADDRINUSE' ? 'address already in use' : code === 'EACCES' ? 'permission denied' : error.message;
  return `listen ${socket ? 'unix' : 'tcp'} ${where}: bind: ${why}`;
}

async function serve(request: IncomingMessage, response: ServerResponse, options: ProxyOptions): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const [place = '/'] = url.split('?');
  const { www, apiPrefix, filter } = options;
  response.on('error', () => undefined);
  try {
    if (www !== undefined && place.startsWith(www.prefix) && www.prefix.length >= apiPrefix.length) {
      return await sendFile(response, www.folder, place.slice(www.prefix.length));
    }
    if (!place.startsWith(apiPrefix)) return sendText(response, 404, '404 page not found');
    if (filter !== undefined && !filter.accepts(method, decoded(place), request.headers.host ?? '')) {
      return sendText(response, 403, 'Forbidden');
    }
    if (request.headers.upgrade !== undefined) {
      return sendText(response, 501, 'this proxy does not carry upgraded connections');
    }
    // A prefix of the API's own stays; another is only this proxy's.
    const target = apiPrefix.startsWith('/api') ? url : `/${url.slice(apiPrefix.length)}`;
    return await forward(request, response, target, options.handler);
  } catch {
    response.destroy();
    return undefined;
  }
}

async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  url: string,
  handler: ApiHandler,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('the client has gone')));
  const answer = await answerOf(request, url, handler, gone.signal);
  if (answer.chunks !== undefined) {
    const type = answer.headers['content-type'];
    response.writeHead(answer.status, type === undefined ? {} : { 'content-type': type });
    return pipeline(answer.chunks, response);
  }
  const { events } = answer;
  if (events === undefined) return sendResponse(request, response, answer);
  const limits = { slowReaderMilliseconds: SLOW_READER, signal: gone.signal, encoder: new EventEncoder() };
  return sendWatch(response, { ...answer, events }, limits);
}

async function answerOf(
  request: IncomingMessage,
  url: string,
  handler: ApiHandler,
  signal: AbortSignal,
): Promise<ApiResponse> {
  const [place = '/', ...rest] = url.split('?');
  try {
    const body = await readRequestBody(request);
    const call: ApiRequest = {
      method: (request.method === 'HEAD' ? 'GET' : request.method) as ApiMethod,
      path: place,
      query: new URLSearchParams(rest.join('?')),
      headers: headersOf(request),
      stream: true,
      signal,
      ...(body === undefined ? {} : { body }),
    };
    const answer = await handler(call);
    const own = Object.entries(answer.headers).filter(
      ([name]) => !HOP_BY_HOP.includes(name) && !OF_THE_BODY.includes(name),
    );
    return { ...answer, headers: Object.fromEntries(own) };
  } catch (error) {
    const failure =
      error instanceof StatusError ? error : internalError(error instanceof Error ? error.message : String(error));
    return { status: failure.code, headers: { 'content-type': 'application/json' }, body: failure.status };
  }
}

/** What is handed on. Objects travel as JSON, whatever a client likes better. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const kept = Object.entries(headers).filter(
    (each): each is [string, string] => typeof each[1] === 'string' && !HOP_BY_HOP.includes(each[0]),
  );
  const found = Object.fromEntries(kept);
  const accept = (found['accept'] ?? '*/*').split(',').filter((each) => !/protobuf|yaml/.test(each));
  found['accept'] = accept.length === 0 ? 'application/json' : accept.join(',');
  if (found['content-type'] !== undefined && !found['content-type'].includes('patch')) {
    found['content-type'] = 'application/json';
  }
  return found;
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' });
  response.end(`${text}\n`);
}

/** A file of the folder, or a folder's index.html; nothing outside of it, links that lead out included. */
async function sendFile(response: ServerResponse, folder: string, place: string): Promise<void> {
  const root = await fs.promises.realpath(folder).catch(() => undefined);
  const wanted = root === undefined ? undefined : await found(path.join(root, path.posix.join('/', decoded(place))));
  if (root === undefined || wanted === undefined || !wanted.startsWith(`${root}${path.sep}`)) {
    return sendText(response, 404, '404 page not found');
  }
  response.writeHead(200, { 'content-type': TYPES[path.extname(wanted)] ?? 'application/octet-stream' });
  return pipeline(fs.createReadStream(wanted), response);
}

async function found(file: string): Promise<string | undefined> {
  try {
    const real = await fs.promises.realpath(file);
    const stats = await fs.promises.stat(real);
    if (stats.isFile()) return real;
    return stats.isDirectory() ? await fs.promises.realpath(path.join(real, 'index.html')) : undefined;
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
