import type { ClientLine } from './client-lines.ts';
import type { History, KeyCall, ListCall, WatchEvent } from './history.ts';

/** Puts together what clients and watchers said. A call without an answer is one whose outcome nobody knows. */
export function toHistory(
  clients: ReadonlyMap<string, readonly ClientLine[]>,
  watches: readonly (readonly ClientLine[])[],
): History {
  const calls: KeyCall[] = [];
  const lists: ListCall[] = [];
  for (const [client, lines] of clients) {
    const answers = new Map(
      lines.flatMap((line) => (line.say === 'invoke' || !('id' in line) ? [] : [[line.id, line]])),
    );
    for (const line of lines) {
      if (line.say !== 'invoke') continue;
      const answer = answers.get(line.id);
      const timed = { client, invoked: line.at };
      if (answer?.say === 'listed') {
        lists.push({ ...timed, returned: answer.at, revision: answer.revision, kvs: answer.kvs });
      } else if (answer?.say === 'got') {
        calls.push({ ...timed, returned: answer.at, key: line.key, type: 'get', value: answer.value, mod: answer.mod });
      } else if ((line.type === 'put' || line.type === 'delete') && answer?.say !== 'nothing') {
        const wrote = answer?.say === 'wrote' ? answer : undefined;
        calls.push(toWrite(line, { ...timed, outcome: wrote?.outcome ?? 'unknown', at: wrote?.at, mod: wrote?.mod }));
      }
    }
  }
  return { calls, lists, watches: watches.map(toEvents) };
}

function toWrite(
  line: ClientLine & { say: 'invoke' },
  told: {
    client: string;
    invoked: number;
    outcome: 'done' | 'refused' | 'unknown';
    at?: number | undefined;
    mod?: number | undefined;
  },
): KeyCall {
  const { client, invoked, outcome } = told;
  const returned = outcome === 'unknown' ? Infinity : (told.at ?? Infinity);
  const common = { client, invoked, returned, key: line.key, expected: line.expected ?? 0, outcome };
  const mod = told.mod === undefined ? {} : { mod: told.mod };
  return line.type === 'delete'
    ? { ...common, ...mod, type: 'delete' }
    : { ...common, ...mod, type: 'put', value: line.value ?? '' };
}

/** Without the change that tells watchers to end. */
function toEvents(lines: readonly ClientLine[]): WatchEvent[] {
  return lines.flatMap((line) =>
    line.say === 'event' && line.key !== '/h/end'
      ? [{ type: line.type, key: line.key, value: line.value, mod: line.mod, version: line.version }]
      : [],
  );
}
