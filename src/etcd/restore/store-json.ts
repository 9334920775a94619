import { idText, type NewCluster } from './cluster-members.ts';

const NEVER = '0001-01-01T00:00:00Z';
const HISTORY_CAPACITY = 1000;

/**
 * The v2 store of a new cluster in JSON, which etcd up to 3.5 reads the members from (its v2store package): one node a
 * member, made in the order of the ids.
 */
export function storeJson({ members }: NewCluster): string {
  const folder = (path: string, index: number, children: object) => ({
    Path: path,
    CreatedIndex: index,
    ModifiedIndex: index,
    ExpireTime: NEVER,
    Value: '',
    Children: children,
  });
  const nodes = members.map(({ id, peerURLs }, position) => {
    const path = `/0/members/${idText(id)}`;
    const value = JSON.stringify({ peerURLs });
    const attributes = { ...folder(`${path}/raftAttributes`, position + 1, {}), Value: value, Children: null };
    return { name: idText(id), path, value, node: folder(path, position + 1, { raftAttributes: attributes }) };
  });
  const children = Object.fromEntries(nodes.map(({ name, node }) => [name, node]));
  const events = nodes.map(({ path, value }, position) => ({
    action: 'create',
    node: { key: `${path}/raftAttributes`, value, modifiedIndex: position + 1, createdIndex: position + 1 },
  }));
  const queue = {
    Events: Array.from({ length: HISTORY_CAPACITY }, (_, index) => events[index] ?? null),
    Size: events.length,
    Front: 0,
    Back: events.length,
    Capacity: HISTORY_CAPACITY,
  };
  return JSON.stringify({
    Root: folder('/', 0, {
      0: folder('/0', 0, { members: folder('/0/members', 1, children) }),
      1: folder('/1', 0, {}),
    }),
    WatcherHub: { EventHistory: { Queue: queue, StartIndex: 1, LastIndex: events.length } },
    CurrentIndex: events.length,
    Stats: stats(events.length),
    CurrentVersion: 2,
  });
}

function stats(created: number): object {
  return {
    getsSuccess: 0,
    getsFail: 0,
    setsSuccess: 0,
    setsFail: 0,
    deleteSuccess: 0,
    deleteFail: 0,
    updateSuccess: 0,
    updateFail: 0,
    createSuccess: created,
    createFail: 0,
    compareAndSwapSuccess: 0,
    compareAndSwapFail: 0,
    compareAndDeleteSuccess: 0,
    compareAndDeleteFail: 0,
    expireCount: 0,
    watchers: 0,
  };
}
