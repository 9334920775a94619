import { type ApiHandler, type ApiHandlerOptions, createApiHandler } from '../../src/apiserver/handler.ts';
import type { ApiMethod, ApiRequest, ApiResponse } from '../../src/model/api-message.ts';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { ObjectStorage } from '../../src/storage/object-storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';

/** A server over a store in memory, with a clock that stands still and names that count up. */
export interface ApiHarness {
  readonly handler: ApiHandler;
  readonly memory: MemoryStorage;
  readonly storage: ObjectStorage;
  /** The time that the server sees; may be moved. */
  now: Date;
  request(method: ApiMethod, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiResponse>;
  /** As request, for an answer that must be a success: its body. */
  send(method: ApiMethod, path: string, body?: unknown, headers?: Record<string, string>): Promise<KubeObject>;
}

export function apiHarness(options: Partial<ApiHandlerOptions> = {}): ApiHarness {
  const memory = new MemoryStorage();
  const storage = new ObjectStorage({ storage: memory });
  let uid = 0;
  let name = 0;
  const harness: ApiHarness = {
    memory,
    storage,
    now: new Date('2026-11-24T09:06:06Z'),
    handler: createApiHandler({
      storage,
      now: () => harness.now,
      randomness: {
        uuid: () => `00000000-0000-4000-8000-${String(++uid).padStart(12, '0')}`,
        letters: (length) => String(++name).padStart(length, 'x'),
      },
      ...options,
    }),
    request(method, target, body, headers) {
      const [path = '', query] = target.split('?');
      const request: ApiRequest = {
        method,
        path,
        ...(query === undefined ? {} : { query: new URLSearchParams(query) }),
        ...(headers === undefined ? {} : { headers }),
        ...(body === undefined ? {} : { body: structuredClone(body) }),
      };
      return harness.handler(request);
    },
    async send(method, target, body, headers) {
      const response = await harness.request(method, target, body, headers);
      if (response.status >= 300) throw new Error(`${method} ${target}: ${JSON.stringify(response.body)}`);
      return response.body as KubeObject;
    },
  };
  return harness;
}

export const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

export function configMap(name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}
