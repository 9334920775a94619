import { describe, expect, it } from 'vitest';
import { Patcher } from '../../src/commands/apply/patcher.ts';
import type { PatchBody, ResourceClient } from '../../src/client/client.ts';
import { withLastApplied } from '../../src/commands/last-applied.ts';
import type { Context } from '../../src/commands/context.ts';
import type { NamedTarget } from '../../src/commands/target.ts';
import { builtInResources } from '../../src/model/schema/built-in-resources.ts';
import { deepClone } from '../../src/model/deep-clone.ts';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { fieldForbidden } from '../../src/model/field-error.ts';
import { conflict, invalid, notFound } from '../../src/model/status-errors.ts';

const group = { group: '', resource: 'configmaps' };

function configMap(data: Record<string, string>, resourceVersion?: string): KubeObject {
  const metadata = { name: 'c', namespace: 'default', ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
}

/** A client that answers a patch with each of `answers` in turn, and what it was asked. */
function fakeClient(live: readonly KubeObject[], answers: readonly (KubeObject | Error)[]) {
  const asked: { verb: string; body?: unknown }[] = [];
  const [lives, replies] = [[...live], [...answers]];
  const client = {
    get: async () => {
      asked.push({ verb: 'get' });
      const object = lives.shift();
      if (object === undefined) throw notFound(group, 'c');
      return object;
    },
    patch: async (_scope: unknown, _name: string, { body }: PatchBody) => {
      asked.push({ verb: 'patch', body: deepClone(body) });
      const answer = replies.shift();
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no answer is left');
      return answer;
    },
    delete: async () => void asked.push({ verb: 'delete' }),
    create: async (_scope: unknown, object: KubeObject) => {
      asked.push({ verb: 'create', body: object });
      return object;
    },
  };
  return { asked, client: client as unknown as ResourceClient };
}

function patcher(client: ResourceClient, extra: Partial<ConstructorParameters<typeof Patcher>[0]> = {}): Patcher {
  const resource = builtInResources().find(({ kind, group: own }) => kind === 'ConfigMap' && own === '');
  if (resource === undefined) throw new Error('there are no config maps');
  const manifest = { object: configMap({}), source: 'c.yaml', document: 1 };
  const target: NamedTarget = { kind: 'named', resource, namespace: 'default', name: 'c', manifest };
  const context = { signal: new AbortController().signal } as Context;
  return new Patcher({ target, client, write: {}, overwrite: true, warnAsOpenApi: false, context, ...extra });
}

const stale = conflict(group, 'c', 'the object has been modified');

describe('the patcher', () => {
  it('makes a new patch of the object as it is after a conflict', async () => {
    const { client, asked } = fakeClient([configMap({ a: '1', b: '3' })], [stale, configMap({ a: '2', b: '2' })]);
    const { changed } = await patcher(client).patch(configMap({ a: '1', b: '2' }), configMap({ a: '2', b: '2' }));
    expect(changed).toBe(true);
    expect(asked).toEqual([
      { verb: 'patch', body: { data: { a: '2' } } },
      { verb: 'get' },
      { verb: 'patch', body: { data: { a: '2', b: '2' } } },
    ]);
  });

  it('sends nothing when there is nothing to do', async () => {
    const { client, asked } = fakeClient([], []);
    const object = configMap({ a: '1' });
    expect(await patcher(client).patch(object, deepClone(object))).toEqual({ object, changed: false });
    expect(asked).toEqual([]);
  });

  it('sends the version that the patch is for', async () => {
    const { client, asked } = fakeClient([], [configMap({ a: '2' })]);
    await patcher(client, { resourceVersion: '7' }).patch(configMap({ a: '1' }, '7'), configMap({ a: '2' }));
    expect(asked).toEqual([{ verb: 'patch', body: { data: { a: '2' }, metadata: { resourceVersion: '7' } } }]);
  });

  it('stops at another object than the one that is there', async () => {
    const { client } = fakeClient([], []);
    const widget = (kind: string) => ({ ...configMap({ a: '1' }), apiVersion: 'example.com/v1', kind });
    await expect(patcher(client).patch(widget('Widget'), widget('Gadget'))).rejects.toThrow(
      /error when applying patch:\n\nto:\nResource: .*for: "c.yaml": error when patching "c.yaml": creating patch with:\noriginal:\n\nmodified:\n.*At least one of apiVersion, kind and name was changed/s,
    );
  });

  it('says that the record is no JSON', async () => {
    const { client } = fakeClient([], []);
    const recorded = configMap({});
    recorded.metadata.annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{' };
    await expect(patcher(client).patch(recorded, configMap({}))).rejects.toThrow(
      /original:\n\{\nmodified:.*for: invalid JSON document$/s,
    );
  });

  it('creates the old object again when the new one cannot replace it by force', async () => {
    const refused = invalid('ConfigMap', '', 'c', [
      fieldForbidden('data', 'field is immutable when `immutable` is set'),
    ]);
    const { client, asked } = fakeClient([], [refused]);
    let creations = 0;
    const create: ResourceClient['create'] = async (scope, object) => {
      creations++;
      if (creations === 1) throw new Error('no');
      return client.create(scope, object);
    };
    const force = { cascade: 'Background', gracePeriod: -1, timeout: 0 } as const;
    const patching = patcher({ ...client, create }, { force }).patch(
      configMap({ a: '1' }, '3'),
      withLastApplied(configMap({ a: '2' })),
    );
    await expect(patching).rejects.toThrow('no');
    expect(asked.map(({ verb }) => verb)).toEqual(['patch', 'delete', 'get', 'create']);
    expect(asked.at(-1)?.body).toEqual(configMap({ a: '1' }));
  });
});
