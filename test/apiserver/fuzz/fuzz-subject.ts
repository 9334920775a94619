import { expect } from 'vitest';
import type { ApiMethod, ApiResponse } from '../../../src/model/api-message.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { type BuiltInResource, builtInResources } from '../../../src/model/schema/built-in-resources.ts';
import { apiVersionOf } from '../../../src/model/schema/resource-info.ts';
import { wireJsonText } from '../../../src/model/wire-json.ts';
import { type ApiHarness, apiHarness } from '../api-harness.ts';
import { referenceObjects } from '../kinds/reference-objects.ts';
import { bodyOf } from './hostile-values.ts';
import { MORE_INPUTS } from './more-inputs.ts';

/** Long for one request in one process: what takes longer hangs. */
const HANGS_MILLISECONDS = 20_000;

/** A resource whose objects are kept, and what a cluster would be given to make one. */
export interface FuzzedResource {
  readonly info: BuiltInResource;
  /** A good object, where one is known. */
  readonly input: KubeObject | undefined;
}

export const fuzzedResources: readonly FuzzedResource[] = builtInResources()
  .filter(({ verbs }) => verbs.includes('create') && verbs.includes('get'))
  .map((info) => ({
    info,
    input:
      referenceObjects.find(
        ({ group, version, resource }) => group === info.group && version === info.version && resource === info.plural,
      )?.input ?? MORE_INPUTS[`${apiVersionOf(info)}/${info.plural}`],
  }));

export function collectionPath(info: BuiltInResource): string {
  const root = info.group === '' ? '/api' : `/apis/${info.group}`;
  return `${root}/${info.version}/${info.namespaced ? 'namespaces/default/' : ''}${info.plural}`;
}

export function objectPath(info: BuiltInResource, name: string): string {
  return `${collectionPath(info)}/${encodeURIComponent(name)}`;
}

/** A server whose answers are looked at: none may be a crash, and none may fail to come. */
export class FuzzSubject {
  readonly api: ApiHarness = apiHarness();

  /** The answer to an object that is sent as text. Fails when it is a crash, or does not come. */
  async send(method: ApiMethod, path: string, body?: unknown, contentType?: string): Promise<ApiResponse> {
    const sent = body === undefined ? undefined : bodyOf(body);
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    const [at = '', query] = path.split('?');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${method} ${path} hangs`)), HANGS_MILLISECONDS);
    });
    try {
      const answer = await Promise.race([
        this.api.handler({
          method,
          path: at,
          query: new URLSearchParams(query),
          headers,
          ...(sent === undefined ? {} : { body: sent }),
        }),
        late,
      ]);
      expectSound(answer);
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A success, or a Status that says what is wrong with the request; never the server's own failure. */
export function expectSound({ status, body, cause }: ApiResponse): void {
  if (status < 400) return void wireJsonText(body);
  const { message, reason } = body as { message?: string; reason?: string };
  // A body that is not of the type is what kube-apiserver has no name for: 500 without a reason, and what is wrong.
  const isMeant = status < 500 || status === 501 || reason === '';
  if (!isMeant) throw cause instanceof Error ? cause : new Error(`${status}: ${message}`);
  // Beside the API there are paths that answer with text.
  if (typeof body === 'string') return;
  expect(body).toMatchObject({ kind: 'Status', status: 'Failure', code: status });
}

/** A good object of the resource, with a name: the reference server's input, or what a table's kind has at the least. */
export function baseObject({ info, input }: FuzzedResource, name: string): Record<string, unknown> {
  const given = input ?? { apiVersion: apiVersionOf(info), kind: info.kind, metadata: {} };
  const { namespace: _, ...metadata } = structuredClone(given.metadata);
  const base = { ...structuredClone(given), metadata: { ...metadata, name: metadata.name ?? name } };
  // An event is of the namespace of what it is about.
  return 'involvedObject' in base ? { ...base, involvedObject: { namespace: 'default' } } : base;
}
