import { isDeepStrictEqual } from 'node:util';
import type { ApiResponse } from '../../../src/model/api-message.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { apiHarness, type ApiHarness } from '../../apiserver/api-harness.ts';

/** A law that does not hold for an input. */
class BrokenLaw extends Error {}

const PODS = '/api/v1/namespaces/default/pods/fuzz';
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const APPLY = { 'content-type': 'application/apply-patch+yaml' };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A field that is not in the schema, and a value that is not of its type: a real server answers 500 to an apply with those. */
const REAL_FAILURES = /^failed to (?:create typed patch object|convert new object)/;

/** A server may refuse everything, but not fail; but for what a real server calls a failure. */
function answered(response: ApiResponse): ApiResponse {
  const { message = '' } = response.body as { message?: string };
  if (response.status >= 500 && !REAL_FAILURES.test(message)) {
    throw new BrokenLaw(`${response.status}: ${JSON.stringify(response.body)}`);
  }
  return response;
}

/** Applies an input twice: the second time nothing changes, times and owners included. Whoever applies the same shares it. */
export async function applyTwice(text: string): Promise<void> {
  const configuration = parsed(text);
  if (configuration === undefined) return;
  const api = apiHarness();
  const apply = async (manager: string): Promise<ApiResponse> =>
    answered(await api.request('PATCH', `${PODS}?fieldManager=${manager}&force=true`, configuration, APPLY));
  const first = await apply('one');
  if (first.status >= 300) return;
  const again = await apply('one');
  if (!isDeepStrictEqual(again.body, first.body)) {
    throw new BrokenLaw(`applied again it is ${JSON.stringify(again.body)}, not ${JSON.stringify(first.body)}`);
  }
  const shared = await apply('two');
  const owners = (shared.body as KubeObject).metadata.managedFields?.map(({ manager }) => manager) ?? [];
  if (!owners.includes('one') || !owners.includes('two')) {
    throw new BrokenLaw(`who apply the same share it, not ${JSON.stringify(owners)}`);
  }
  if (!isDeepStrictEqual((await apply('two')).body, shared.body)) {
    throw new BrokenLaw('a second owner changes it again');
  }
}

/** Defines resources as the input says, and writes an object of each kind of answer to their rules. */
export async function defineAndWrite(text: string): Promise<void> {
  const schema = parsed(text);
  if (schema === undefined) return;
  const api = apiHarness();
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
  if (answered(await api.request('POST', DEFINITIONS, definition)).status >= 300) return;
  for (const spec of [
    {},
    { a: 'x'.repeat(500), n: 3, list: ['a', 'b', 'b'], map: { k: 'v' } },
    { a: null, list: {} },
  ]) {
    await write(api, spec);
  }
}

async function write(api: ApiHarness, spec: object): Promise<void> {
  const at = '/apis/example.com/v1/namespaces/default/things';
  const thing = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 't' }, spec };
  if (answered(await api.request('POST', at, thing)).status >= 300) return;
  answered(
    await api.request('PATCH', `${at}/t`, { spec: { a: 'y' } }, { 'content-type': 'application/merge-patch+json' }),
  );
  answered(await api.request('DELETE', `${at}/t`));
}
