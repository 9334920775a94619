import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConnection } from '../../src/client/remote/kubeconfig.ts';
import { openRemoteTransport } from '../../src/client/remote/remote-transport.ts';
import type { Transport } from '../../src/client/transport.ts';
import { baseObject, collectionPath, expectSound, fuzzedResources } from '../apiserver/fuzz/fuzz-subject.ts';
import { bodyOf, hostileValue, mutated, mutation } from '../apiserver/fuzz/hostile-values.ts';
import { startServe } from '../transcripts/columns.ts';

const NO_FLAGS = { given: () => undefined, list: () => [], bool: () => false };

let folder: string;
let server: { kubeconfig: string; stop(): Promise<void> };
let send: Transport;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-fuzz-'));
  server = await startServe(folder);
  send = openRemoteTransport(await loadConnection(NO_FLAGS, { KUBECONFIG: server.kubeconfig }, folder));
});
afterAll(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const manifest = fc.nat(fuzzedResources.length - 1).chain((index) => {
  const resource = fuzzedResources[index];
  if (resource === undefined) throw new Error('there is no such resource');
  const near = fc
    .array(mutation, { maxLength: 3 })
    .map((mutations) => mutated(baseObject(resource, 'fuzz'), mutations));
  return fc.oneof({ weight: 9, arbitrary: near }, { weight: 1, arbitrary: hostileValue }).map((body) => ({
    path: collectionPath(resource.info),
    body,
  }));
});

it('serve answers any manifest, many at a time, and is well afterwards', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(manifest, { minLength: 4, maxLength: 12 }), async (manifests) => {
      const headers = { 'content-type': 'application/json' };
      const answers = await Promise.all(
        manifests.map(async ({ path: at, body }) => {
          return send({ method: 'POST', path: at, headers, body: bodyOf(body), signal: AbortSignal.timeout(20_000) });
        }),
      );
      for (const answer of answers) expectSound(answer);
    }),
    { numRuns: 25 },
  );
  expect(await send({ method: 'GET', path: '/readyz' })).toMatchObject({ status: 200 });
});
