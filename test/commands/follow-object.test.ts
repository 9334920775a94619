import { describe, expect, it } from 'vitest';
import type { ListOptions, ResourceClient, ResourceScope, WatchOptions } from '../../src/client/client.ts';
import { followObject } from '../../src/commands/wait/follow-object.ts';
import type { WatchEvent } from '../../src/model/api-message.ts';
import { ConnectionError } from '../../src/model/connection-error.ts';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { expired, forbidden } from '../../src/model/status-errors.ts';

const scope = { resource: { group: '', version: 'v1', plural: 'pods' } } as unknown as ResourceScope;

function pod(version: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', resourceVersion: version } };
}

/** A client that answers lists and watches from scripts, and notes what was asked for. */
function scripted(
  lists: KubeObject[][],
  watches: (WatchEvent | Error)[][],
): { client: ResourceClient; asked: string[] } {
  const asked: string[] = [];
  const client = {
    list: async (_scope: ResourceScope, { fieldSelector = '' }: ListOptions) => {
      asked.push(`list ${fieldSelector}`);
      const items = lists.shift() ?? [];
      return { metadata: { resourceVersion: items[0]?.metadata.resourceVersion ?? '1' }, items };
    },
    async *watch(_scope: ResourceScope, { resourceVersion = '' }: WatchOptions): AsyncIterable<WatchEvent> {
      asked.push(`watch ${resourceVersion}`);
      for (const event of watches.shift() ?? []) {
        if (event instanceof Error) throw event;
        yield event;
      }
    },
  };
  return { client: client as unknown as ResourceClient, asked };
}

async function states(client: ResourceClient, count: number): Promise<string[]> {
  const seen: string[] = [];
  for await (const state of followObject({ client, scope, name: 'p' }, AbortSignal.timeout(10_000))) {
    seen.push(state.state === 'present' ? `present ${state.object.metadata.resourceVersion ?? ''}` : state.state);
    if (seen.length === count) break;
  }
  return seen;
}

describe('followObject', () => {
  it('tells what is there and each change', async () => {
    const { client, asked } = scripted(
      [[pod('3')]],
      [
        [
          { type: 'MODIFIED', object: pod('4') },
          { type: 'DELETED', object: pod('5') },
        ],
      ],
    );
    expect(await states(client, 3)).toEqual(['present 3', 'present 4', 'gone']);
    expect(asked).toEqual(['list metadata.name=p', 'watch 3']);
  });

  it('tells that nothing is there yet', async () => {
    const { client } = scripted([[]], [[{ type: 'ADDED', object: pod('4') }]]);
    expect(await states(client, 2)).toEqual(['absent', 'present 4']);
  });

  it('takes a watch up where it ended, broke or was bookmarked', async () => {
    const { client, asked } = scripted(
      [[pod('3')]],
      [
        [{ type: 'MODIFIED', object: pod('4') }],
        [{ type: 'BOOKMARK', object: pod('7') }, new ConnectionError('cut', 'h:1', 'cut')],
        [{ type: 'MODIFIED', object: pod('9') }],
      ],
    );
    expect(await states(client, 3)).toEqual(['present 3', 'present 4', 'present 9']);
    expect(asked).toEqual(['list metadata.name=p', 'watch 3', 'watch 4', 'watch 7']);
  });

  it('looks again when the version has expired, and calls an object gone that was there', async () => {
    const { client, asked } = scripted([[pod('3')], []], [[expired('too old')], [{ type: 'ADDED', object: pod('9') }]]);
    expect(await states(client, 3)).toEqual(['present 3', 'gone', 'present 9']);
    expect(asked).toEqual(['list metadata.name=p', 'watch 3', 'list metadata.name=p', 'watch 1']);
  });

  it('does not go on where that is of no use', async () => {
    const { client } = scripted([[pod('3')]], [[forbidden({ group: '', resource: 'pods' }, 'p', 'no')]]);
    await expect(states(client, 2)).rejects.toThrow('pods "p" is forbidden: no');
  });

  it('looks once even when there is no time, and then gives up', async () => {
    const { client } = scripted([[pod('3')]], [[{ type: 'MODIFIED', object: pod('4') }]]);
    const late = AbortSignal.abort(new Error('late'));
    const follow = followObject({ client, scope, name: 'p', firstLook: AbortSignal.timeout(1000) }, late);
    expect((await follow.next()).value).toMatchObject({ state: 'present' });
    await expect(follow.next()).rejects.toThrow('late');
  });
});
