import { describe, expect, it } from 'vitest';
import { retryingTransport } from '../../src/client/retrying-transport.ts';
import type { ApiRequest, ApiResponse } from '../../src/model/api-message.ts';
import { ConnectionError } from '../../src/model/connection-error.ts';

type Answer = number | { readonly status: number; readonly after: string } | 'refused' | 'cut' | 'tls';

/** Sends a request to a server that answers so, one answer after the other, and tells what came of it. */
async function sent(request: ApiRequest, answers: readonly Answer[], retries = 3) {
  const pauses: number[] = [];
  const bodies: unknown[] = [];
  let times = 0;
  const transport = retryingTransport(
    async ({ body }): Promise<ApiResponse> => {
      bodies.push(structuredClone(body));
      // A server in this process may change what it is given.
      if (typeof body === 'object' && body !== null) Object.assign(body, { changed: true });
      const answer = answers[times++] ?? 200;
      if (answer === 'refused') throw new ConnectionError('refused', 'h:1', 'refused');
      if (answer === 'cut') throw new ConnectionError('cut', 'h:1', 'cut', { sent: true });
      if (answer === 'tls') throw new ConnectionError('tls', 'h:1', 'bad certificate');
      if (typeof answer === 'number') return { status: answer, headers: {} };
      return { status: answer.status, headers: { 'retry-after': answer.after } };
    },
    {
      retries,
      async pause(milliseconds) {
        pauses.push(milliseconds);
      },
    },
  );
  const outcome = await transport(request).then(
    (response) => response,
    (error: unknown) => error,
  );
  return { times, pauses, bodies, outcome };
}

const path = '/api/v1/namespaces/default/configmaps/c';
const get: ApiRequest = { method: 'GET', path };
const post: ApiRequest = { method: 'POST', path: '/api/v1/namespaces/default/configmaps', body: { kind: 'ConfigMap' } };
const put = (resourceVersion?: string): ApiRequest => ({
  method: 'PUT',
  path,
  body: { metadata: resourceVersion === undefined ? {} : { resourceVersion } },
});
const patch = (type: string): ApiRequest => ({ method: 'PATCH', path, headers: { 'content-type': type }, body: {} });
const remove = (uid?: string): ApiRequest => ({
  method: 'DELETE',
  path,
  body: uid === undefined ? {} : { preconditions: { uid } },
});

describe('retryingTransport', () => {
  it('sends what does no harm again, with pauses that double or that the server asks for', async () => {
    expect(await sent(get, ['cut', 503, 200])).toMatchObject({
      times: 3,
      pauses: [200, 400],
      outcome: { status: 200 },
    });
    expect(await sent(get, [{ status: 429, after: '2' }])).toMatchObject({ times: 2, pauses: [2000] });
    const { pauses } = await sent(
      get,
      Array.from({ length: 9 }, () => 500),
      9,
    );
    expect(pauses).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
  });

  it('gives the last answer when it is as bad as the first', async () => {
    expect(await sent(get, [503, 503, 503, 503, 200])).toMatchObject({ times: 4, outcome: { status: 503 } });
    expect(await sent(get, ['cut', 'cut'], 1)).toMatchObject({ times: 2, outcome: { failure: 'cut' } });
  });

  it('leaves alone what will not get better', async () => {
    for (const answer of [400, 401, 403, 404, 409, 422, 'tls'] as const) {
      expect(await sent(get, [answer]), String(answer)).toMatchObject({ times: 1, pauses: [] });
    }
  });

  it.each<[string, ApiRequest, boolean]>([
    ['GET', get, true],
    ['POST', post, false],
    ['POST, dry run', { ...post, query: new URLSearchParams({ dryRun: 'All' }) }, true],
    ['POST of a review', { method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews' }, true],
    [
      'POST of an object named like a review',
      { ...post, path: '/api/v1/namespaces/reviews/pods/reviews/binding' },
      false,
    ],
    ['PUT of a version', put('7'), true],
    ['PUT', put(), false],
    ['merge patch', patch('application/merge-patch+json'), true],
    ['strategic patch', patch('application/strategic-merge-patch+json'), true],
    ['apply patch', patch('application/apply-patch+yaml'), true],
    ['JSON patch', patch('application/json-patch+json'), false],
    ['DELETE of a uid', remove('u'), true],
    ['DELETE', remove(), false],
  ])('%s', async (_name, request, isRepeatable) => {
    // Nobody knows whether it arrived.
    for (const answer of ['cut', 500, 504] as const) {
      expect((await sent(request, [answer])).times, String(answer)).toBe(isRepeatable ? 2 : 1);
    }
    // It surely did not.
    for (const answer of ['refused', 429] as const) expect((await sent(request, [answer])).times).toBe(2);
  });

  it('sends the same body each time', async () => {
    const { bodies } = await sent(put('7'), ['cut', 'cut']);
    expect(bodies).toEqual(Array.from({ length: 3 }, () => ({ metadata: { resourceVersion: '7' } })));
  });

  it('takes an object as deleted that an earlier request may have deleted, and nothing else', async () => {
    expect(await sent(remove('u'), ['cut', 404])).toMatchObject({ outcome: { status: 200 } });
    expect(await sent(remove('u'), ['cut', 409])).toMatchObject({ outcome: { status: 200 } });
    expect(await sent(remove('u'), ['refused', 404])).toMatchObject({ outcome: { status: 404 } });
    expect(await sent(remove('u'), [404])).toMatchObject({ outcome: { status: 404 } });
    expect(await sent(get, ['cut', 404])).toMatchObject({ outcome: { status: 404 } });
  });
});
