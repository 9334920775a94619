import { afterEach, describe, expect, it } from 'vitest';
import type { ApiHandler } from '../../src/apiserver/handler.ts';
import { answerTime, isLongRunning } from '../../src/http/answer-deadline.ts';
import { InFlight } from '../../src/http/in-flight.ts';
import type { ServerLimits } from '../../src/http/server.ts';
import { StatusError } from '../../src/model/status.ts';
import { rawRequest } from './raw-request.ts';
import { type RunningServer, startStub } from './running-server.ts';

const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(async ({ server }) => server.stop()));
});

async function start(handler: ApiHandler, limits: Partial<ServerLimits> = {}): Promise<RunningServer> {
  const stub = await startStub(handler, limits);
  running.push(stub);
  return stub;
}

const NEVER: ApiHandler = async ({ signal }) =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('aborted')));
  });
const PODS = '/api/v1/namespaces/default/pods';

describe('a request', () => {
  it('is told that it took too long, at the time that it asked for or at the server’s', async () => {
    const reasons: unknown[] = [];
    const handler: ApiHandler = async (request) => {
      request.signal?.addEventListener('abort', () => reasons.push(request.signal?.reason));
      return NEVER(request);
    };
    const expected = {
      kind: 'Status',
      code: 504,
      reason: 'Timeout',
      message: 'Timeout: request did not complete within the allotted timeout',
    };
    const asked = await rawRequest(await start(handler), `${PODS}?timeout=20ms`);
    expect([asked.status, asked.json()]).toMatchObject([504, expected]);
    const own = await rawRequest(await start(handler, { answerMilliseconds: 20 }), `${PODS}?timeout=1h`);
    expect([own.status, own.json()]).toMatchObject([504, expected]);
    expect(reasons).toEqual([expect.any(StatusError), expect.any(StatusError)]);
  });

  it('must ask for a time that is one', async () => {
    const wrong = await rawRequest(await start(NEVER), `${PODS}?timeout=soon`);
    expect([wrong.status, wrong.json()]).toMatchObject([
      400,
      {
        reason: 'BadRequest',
        message: 'invalid timeout specified in the request URL - time: invalid duration "soon"',
      },
    ]);
    const times = ['', '30s', '0s', '90s', '-5s', '1m30s'].map((text) =>
      answerTime(new URLSearchParams({ timeout: text }), 60_000),
    );
    expect(times).toEqual([60_000, 30_000, 60_000, 60_000, 60_000, 60_000]);
  });

  it('with a body beyond 3 MiB is refused', async () => {
    const stub = await start(async () => ({ status: 200, headers: {}, body: {} }));
    const body = JSON.stringify({ text: 'x'.repeat(3 * 1024 * 1024) });
    const headers = { 'content-type': 'application/json' };
    const answer = await rawRequest(stub, PODS, { method: 'POST', headers, body });
    expect([answer.status, answer.json()]).toMatchObject([
      413,
      { reason: 'RequestEntityTooLarge', message: 'Request entity too large: limit is 3145728' },
    ]);
  });

  it('is not under the deadline when it is long-running', async () => {
    const isLong = (url: string): boolean => {
      const [path = '', query = ''] = url.split('?');
      return isLongRunning(path, new URLSearchParams(query));
    };
    for (const url of [`${PODS}?watch=true`, `${PODS}/p/log`, `${PODS}/p/exec`, '/api/v1/watch/pods']) {
      expect(isLong(url), url).toBe(true);
    }
    for (const url of [PODS, `${PODS}/watch`, `${PODS}?watch=false`, '/healthz?watch=true']) {
      expect(isLong(url), url).toBe(false);
    }
  });
});

describe('InFlight', () => {
  const user = { name: 'jane', groups: ['system:authenticated'] };

  it('lets in so many requests and watches, and administrators always', () => {
    const inFlight = new InFlight({ inFlight: 2, watches: 1 });
    const first = inFlight.enter(user, false);
    expect(inFlight.enter(user, false)).toBeDefined();
    expect(inFlight.enter(user, false)).toBeUndefined();
    expect(inFlight.enter({ name: 'root', groups: ['system:masters'] }, false)).toBeDefined();
    expect(inFlight.enter(user, true)).toBeDefined();
    expect(inFlight.enter(user, true)).toBeUndefined();
    first?.();
    expect(inFlight.enter(user, false)).toBeUndefined();
  });

  it('sends others away, and says when to come again', async () => {
    const stub = await start(async () => ({ status: 200, headers: {}, body: {} }), { inFlight: 0 });
    const answer = await rawRequest(stub, '/version', { headers: { authorization: '' } });
    // Nobody in particular: an empty header is a claim that fails.
    expect(answer.status).toBe(401);
    const { serverUrl, ca } = { serverUrl: stub.server.url, ca: stub.authority.cert };
    const https = await import('node:https');
    const anonymous = await new Promise<{ status: number; retry: unknown; text: string }>((resolve, reject) => {
      https
        .get(`${serverUrl}/version`, { ca, agent: false }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, retry: response.headers['retry-after'], text }),
          );
        })
        .on('error', reject);
    });
    expect(anonymous).toEqual({ status: 429, retry: '1', text: 'Too many requests, please try again later.\n' });
  });
});
