import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { checkHistory } from './check-history.ts';
import { isLinearizable } from './check-key.ts';
import type { History, KeyCall, ListCall, WatchEvent } from './history.ts';

const timed = (client: string, invoked: number, returned: number) => ({ client, invoked, returned, key: 'k' });
const put = (value: string, expected: number, mod: number, [invoked, returned]: [number, number]): KeyCall => ({
  ...timed(value, invoked, returned),
  type: 'put',
  value,
  expected,
  outcome: 'done',
  mod,
});
const get = (value: string | undefined, mod: number, [invoked, returned]: [number, number]): KeyCall => ({
  ...timed('reader', invoked, returned),
  type: 'get',
  value,
  mod,
});
const unanswered = (value: string, expected: number, invoked: number): KeyCall => ({
  ...timed('lost', invoked, Infinity),
  type: 'put',
  value,
  expected,
  outcome: 'unknown',
});

describe('the model of a key', () => {
  const two = [put('a', 0, 2, [0, 1]), put('b', 2, 3, [2, 3])];
  it.each<[string, KeyCall[]]>([
    ['one call after the other', [...two, get('b', 3, [4, 5])]],
    ['a read at the same time as a write, before it', [...two, get('a', 2, [1.5, 2.5])]],
    ['a read at the same time as a write, after it', [...two, get('b', 3, [1.5, 2.5])]],
    ['an unanswered write that was done', [...two, unanswered('c', 3, 4), get('c', 9, [5, 6]), get('c', 9, [7, 8])]],
    ['an unanswered write that was not done', [...two, unanswered('c', 3, 4), get('b', 3, [5, 6])]],
    [
      'an unanswered write that was done late',
      [...two, unanswered('c', 3, 4), get('b', 3, [5, 6]), get('c', 9, [7, 8])],
    ],
    ['a refusal', [...two, { ...timed('x', 4, 5), type: 'put', value: 'x', expected: 2, outcome: 'refused' }]],
  ])('takes %s', (_, calls) => expect(isLinearizable(calls)).toBe(true));

  it.each<[string, KeyCall[]]>([
    ['a stale read', [...two, get('a', 2, [4, 5])]],
    ['a read of what was never written', [...two, get('z', 3, [4, 5])]],
    ['a lost update', [put('a', 0, 2, [0, 1]), put('b', 2, 3, [2, 5]), put('c', 2, 4, [2, 5])]],
    ['reads in the wrong order', [...two, get('b', 3, [2.1, 2.2]), get('a', 2, [2.3, 2.4])]],
    [
      'a refusal without a reason',
      [...two, { ...timed('x', 4, 5), type: 'put', value: 'x', expected: 3, outcome: 'refused' }],
    ],
    [
      'an unanswered write that came and went',
      [...two, unanswered('c', 3, 4), get('c', 9, [5, 6]), get('b', 3, [7, 8])],
    ],
    ['a revision that went back', [put('a', 0, 5, [0, 1]), put('b', 5, 4, [2, 3])]],
    ['a write that vanished', [...two, get(undefined, 0, [4, 5])]],
  ])('refuses %s', (_, calls) => expect(isLinearizable(calls)).toBe(false));

  it('finds the order of many calls at once, and sees one bad answer among them', () => {
    const random = seededRandom('checker');
    const calls: KeyCall[] = [];
    for (let mod = 2; mod < 200; mod++) {
      const at = mod * 10;
      calls.push(put(`v${mod}`, mod === 2 ? 0 : mod - 1, mod, [at - random.below(30), at + 1 + random.below(30)]));
      calls.push(get(`v${mod}`, mod, [at + 2 - random.below(30), at + 3 + random.below(30)]));
    }
    expect(isLinearizable(calls)).toBe(true);
    expect(isLinearizable([...calls, get('v50', 50, [1900, 1910])])).toBe(false);
  });
});

describe('the check of a history', () => {
  const events: WatchEvent[] = [
    { type: 'put', key: 'k', value: 'a', mod: 2, version: 1 },
    { type: 'put', key: 'k', value: 'b', mod: 3, version: 2 },
    { type: 'delete', key: 'k', value: '', mod: 4, version: 0 },
  ];
  const calls: KeyCall[] = [
    put('a', 0, 2, [0, 1]),
    put('b', 2, 3, [2, 3]),
    { ...timed('d', 4, 5), type: 'delete', expected: 3, outcome: 'done', mod: 4 },
  ];
  const list = (revision: number, kvs: ListCall['kvs'], [invoked, returned]: [number, number]): ListCall => ({
    client: 'lister',
    revision,
    kvs,
    invoked,
    returned,
  });
  const good: History = {
    calls,
    watches: [events, [...events]],
    lists: [list(3, [['k', 'b', 3]], [3.1, 3.2]), list(4, [], [6, 7])],
  };

  it('takes a good one', () => expect(checkHistory(good)).toEqual([]));

  it.each<[string, Partial<History>]>([
    ['an event that is missing', { watches: [events.filter((_, index) => index !== 1)] }],
    ['an event that came twice', { watches: [[...events.slice(0, 2), ...events.slice(1)]] }],
    ['events in the wrong order', { watches: [[...events].reverse()] }],
    ['watchers that saw different things', { watches: [events, events.slice(0, 2)] }],
    ['a change that nobody asked for', { calls: calls.slice(0, 2) }],
    ['a list that is no state', { lists: [list(3, [['k', 'a', 2]], [3.1, 3.2])] }],
    ['a list that leaves a key out', { lists: [list(2, [], [1.5, 1.6])] }],
    ['a list that is too old', { lists: [list(2, [['k', 'a', 2]], [6, 7])] }],
    ['a list from the future', { lists: [list(3, [['k', 'b', 3]], [1.2, 1.5])] }],
    ['an acknowledged write that is not there', { calls: [...calls, put('c', 0, 5, [6, 7])] }],
  ])('refuses %s', (_, planted) => expect(checkHistory({ ...good, ...planted })).not.toEqual([]));
});
