import type { ClientLine } from './client-lines.ts';
import type { History, KeyCall, ListCall, WatchEvent } from './history.ts';

type Invoked = ClientLine & { readonly say: 'invoke' };

/** Puts together what clients and watchers said. A call without an answer is one whose outcome nobody knows. */
export function toHistory(
  clients: ReadonlyMap<string, readonly ClientLine[]>,
  watches: readonly (readonly ClientLine[])[],
): History {
  const calls: KeyCall[] = [];
  const lists: ListCall[] = [];
  for (const [client, lines] of clients) {
    const answers = new Map(
      lines.flatMap((line) => (line.say === 'invoke' || !('id' in line) ? [] : [[line.id, line] as const])),
    );
    for (const line of lines) {
      if (line.say !== 'invoke') continue;
      const answer = answers.get(line.id);
      if (answer?.say === 'listed') {
        const { at: returned, revision, kvs } = answer;
        lists.push({ client, invoked: line.at, returned, revision, kvs });
      } else {
        calls.push(...toCalls(client, line, answer));
      }
    }
  }
  return { calls, lists, watches: watches.map(toEvents) };
}

/** The call of one key that a client made; none when it is as if it had not been made. */
function toCalls(client: string, line: Invoked, answer: ClientLine | undefined): KeyCall[] {
  const { key, at: invoked } = line;
  if (answer?.say === 'got') {
    return [{ client, invoked, returned: answer.at, key, type: 'get', value: answer.value, mod: answer.mod }];
  }
  if (answer?.say === 'nothing') return [];
  return toWrite(client, line, answer?.say === 'wrote' ? answer : undefined);
}

function toWrite(
  client: string,
  line: Invoked,
  wrote: (ClientLine & { readonly say: 'wrote' }) | undefined,
): KeyCall[] {
  const { key, at: invoked, expected = 0, type, value = '' } = line;
  const outcome = wrote?.outcome ?? 'unknown';
  const returned = wrote === undefined || outcome === 'unknown' ? Infinity : wrote.at;
  const mod = wrote?.mod === undefined ? {} : { mod: wrote.mod };
  const common = { client, invoked, returned, key, expected, outcome, ...mod };
  if (type === 'delete') return [{ ...common, type }];
  return type === 'put' ? [{ ...common, type, value }] : [];
}

/** Without the change that tells watchers to end. */
function toEvents(lines: readonly ClientLine[]): WatchEvent[] {
  return lines.flatMap((line) =>
    line.say === 'event' && line.key !== '/h/end'
      ? [{ type: line.type, key: line.key, value: line.value, mod: line.mod, version: line.version }]
      : [],
  );
}
