import { isLinearizable } from './check-key.ts';
import type { History, KeyCall, ListCall, WatchEvent } from './history.ts';

/**
 * What is wrong with a history, a sentence each. Every key must be linearizable; every watcher must have seen the same
 * changes, once, in order and without gaps, each of them asked for by somebody; every acknowledged write must be among them;
 * and every list must be the state at its revision, at a moment between its invocation and its return.
 */
export function checkHistory(history: History): string[] {
  const wrong: string[] = [];
  for (const [key, calls] of byKey(history.calls)) {
    if (!isLinearizable(calls)) wrong.push(`the calls on ${key} have no order in which they make sense`);
  }
  for (const [index, events] of history.watches.entries()) {
    wrong.push(...checkWatch(events).map((each) => `watcher ${index}: ${each}`));
  }
  const [log = []] = history.watches;
  for (const [index, events] of history.watches.entries()) {
    if (JSON.stringify(events) !== JSON.stringify(log)) wrong.push(`watcher ${index} saw other changes than watcher 0`);
  }
  wrong.push(...checkWrites(history.calls, log), ...checkLists(history, log));
  return wrong;
}

function byKey(calls: readonly KeyCall[]): Map<string, KeyCall[]> {
  const map = new Map<string, KeyCall[]>();
  for (const call of calls) map.set(call.key, [...(map.get(call.key) ?? []), call]);
  return map;
}

/** Order, and by the versions of each key that nothing is missing or doubled. */
function checkWatch(events: readonly WatchEvent[]): string[] {
  const wrong: string[] = [];
  const versions = new Map<string, number>();
  let before = 0;
  for (const { type, key, mod, version } of events) {
    if (mod <= before) wrong.push(`revision ${mod} came after ${before}`);
    before = mod;
    const last = versions.get(key) ?? 0;
    if (type === 'put' && version !== last + 1) wrong.push(`${key} has version ${version} after ${last} at ${mod}`);
    if (type === 'delete' && last === 0) wrong.push(`${key} was deleted at ${mod} and did not exist`);
    versions.set(key, type === 'put' ? version : 0);
  }
  return wrong;
}

/** Acknowledged writes happened, at their revisions; and nothing happened that nobody asked for. */
function checkWrites(calls: readonly KeyCall[], log: readonly WatchEvent[]): string[] {
  const wrong: string[] = [];
  const at = new Map(log.map((event) => [event.mod, event]));
  const explained = new Set<number>();
  const values = new Map<string, KeyCall>();
  let mayDelete = 0;
  for (const call of calls) {
    if (call.type === 'get' || call.outcome === 'refused') continue;
    if (call.outcome === 'unknown') {
      if (call.type === 'put') values.set(call.value, call);
      else mayDelete += 1;
      continue;
    }
    const event = at.get(call.mod ?? 0);
    if (event === undefined || !isEffect(event, call)) {
      wrong.push(`the acknowledged ${call.type} of ${call.key} at ${call.mod} was seen by no watcher`);
    } else if (explained.has(event.mod)) wrong.push(`two writes were acknowledged at revision ${event.mod}`);
    else explained.add(event.mod);
  }
  for (const event of log) {
    if (explained.has(event.mod)) continue;
    const known = event.type === 'put' ? values.delete(event.value) : mayDelete-- > 0;
    if (!known) wrong.push(`nobody asked for the ${event.type} of ${event.key} at ${event.mod}, or it was done twice`);
  }
  return wrong;
}

function isEffect(event: WatchEvent, call: KeyCall): boolean {
  if (event.key !== call.key || event.type !== call.type) return false;
  return call.type !== 'put' || event.value === call.value;
}

function checkLists({ calls, lists }: History, log: readonly WatchEvent[]): string[] {
  const wrong: string[] = [];
  const done = calls.flatMap((call) =>
    call.type !== 'get' && call.outcome === 'done'
      ? [{ mod: call.mod ?? 0, returned: call.returned, invoked: call.invoked }]
      : [],
  );
  const state = new Map<string, readonly [string, string, number]>();
  let next = 0;
  for (const list of [...lists].sort((one, other) => one.revision - other.revision)) {
    for (; (log[next]?.mod ?? Infinity) <= list.revision; next++) {
      const event = log[next];
      if (event === undefined) break;
      if (event.type === 'put') state.set(event.key, [event.key, event.value, event.mod]);
      else state.delete(event.key);
    }
    const expected = [...state.values()].sort(([one], [other]) => (one < other ? -1 : 1));
    if (JSON.stringify(list.kvs) !== JSON.stringify(expected)) {
      wrong.push(`a list of ${list.client} is not the state at revision ${list.revision}`);
    }
    wrong.push(...checkMoment(list, done));
  }
  return wrong;
}

function checkMoment(list: ListCall, done: readonly { mod: number; returned: number; invoked: number }[]): string[] {
  const wrong: string[] = [];
  for (const { mod, returned, invoked } of done) {
    if (returned < list.invoked && mod > list.revision) {
      wrong.push(`a list at ${list.revision} is older than revision ${mod}, which was acknowledged before`);
    }
    if (invoked > list.returned && mod <= list.revision) {
      wrong.push(`a list at ${list.revision} has revision ${mod}, which was asked for later`);
    }
  }
  return wrong;
}
