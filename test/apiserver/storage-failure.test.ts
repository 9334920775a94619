import { expect, it } from 'vitest';
import { sendRequest } from '../../src/client/send-request.ts';
import { StatusError } from '../../src/model/status.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { apiHarness, CONFIG_MAPS } from './api-harness.ts';

it('carries a failure of the store through to the client, with its hint', async () => {
  const api = apiHarness();
  const failure = new StorageError('Locked', 'another process keeps the store locked', { hint: 'wait for it' });
  api.memory.before = () => {
    throw failure;
  };
  const wire = { transport: api.handler, warn: () => undefined };
  const call = sendRequest(wire, { method: 'GET', path: `${CONFIG_MAPS}/c` });
  const error: unknown = await call.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StatusError);
  expect(error).toMatchObject({ code: 503, reason: 'ServiceUnavailable', message: failure.message });
  expect((error as StatusError).cause).toBe(failure);
});

it('lets readers of a store that may not be written to see what is there', async () => {
  const api = apiHarness();
  api.memory.before = (method) => {
    if (method === 'txn') throw new StorageError('ReadOnly', 'the store is read-only');
  };
  expect((await api.send('GET', '/api/v1/namespaces'))['items']).toEqual([]);
  const refused = await api.request('POST', CONFIG_MAPS, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c' },
  });
  expect(refused).toMatchObject({ status: 500, body: { message: 'Internal error occurred: the store is read-only' } });
});

it('makes the objects of a fresh cluster once, however many ask at once', async () => {
  const api = apiHarness();
  await Promise.all(Array.from({ length: 8 }, () => api.send('GET', '/api/v1/namespaces')));
  expect(api.memory.calls.filter((call) => call === 'txn')).toHaveLength(1);
  const second = apiHarness();
  second.memory.before = undefined;
  expect((await second.send('GET', '/api/v1/namespaces'))['items']).toHaveLength(4);
});
