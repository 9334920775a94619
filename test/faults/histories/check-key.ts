import type { KeyCall } from './history.ts';

interface State {
  readonly value: string | undefined;
  /** Undefined when the write that made the state was not answered. */
  readonly mod: number | undefined;
}

/** The states that a call can lead to, had it been the next one; none when its answer does not fit. */
function step(state: State, call: KeyCall): State | undefined {
  if (call.type === 'get') {
    if (call.value !== state.value) return undefined;
    if (state.mod !== undefined) return call.mod === state.mod ? state : undefined;
    return { value: state.value, mod: call.mod };
  }
  const fits = state.mod === undefined || state.mod === call.expected;
  if (call.outcome === 'refused') return state.mod === call.expected ? undefined : state;
  if (!fits) return call.outcome === 'unknown' ? state : undefined;
  if (call.outcome === 'done' && !(call.mod !== undefined && call.mod > call.expected)) return undefined;
  if (call.type === 'delete') return { value: undefined, mod: 0 };
  return { value: call.value, mod: call.outcome === 'done' ? call.mod : undefined };
}

interface Entry {
  readonly call: KeyCall;
  readonly at: number;
  readonly index: number;
  readonly isReturn: boolean;
  match: Entry | undefined;
  before: Entry | undefined;
  after: Entry | undefined;
}

/**
 * Whether the calls on one key can be put into one order, each between its invocation and its return, in which a register
 * with compare-and-swap would have given these answers. The search is Wing and Gong's, with Lowe's memory of what was tried.
 */
export function isLinearizable(calls: readonly KeyCall[]): boolean {
  const head = entries(calls);
  let state: State = { value: undefined, mod: 0 };
  const done = new Set<number>();
  const tried = new Set<string>();
  const stack: { entry: Entry; state: State }[] = [];
  // Calls whose answer never came may have had no effect at all, and need not be placed.
  let needed = calls.filter(isAnswered).length;
  let entry = head.after;
  while (needed > 0) {
    if (entry !== undefined && !entry.isReturn) {
      const next = step(state, entry.call);
      const place = next && memory(done, entry.index, next);
      if (next !== undefined && place !== undefined && !tried.has(place)) {
        tried.add(place);
        stack.push({ entry, state });
        state = next;
        done.add(entry.index);
        if (isAnswered(entry.call)) needed -= 1;
        lift(entry);
        entry = head.after;
      } else {
        entry = entry.after;
      }
      continue;
    }
    const last = stack.pop();
    if (last === undefined) return false;
    state = last.state;
    done.delete(last.entry.index);
    if (isAnswered(last.entry.call)) needed += 1;
    unlift(last.entry);
    entry = last.entry.after;
  }
  return true;
}

function isAnswered(call: KeyCall): boolean {
  return call.type === 'get' || call.outcome !== 'unknown';
}

function memory(done: ReadonlySet<number>, added: number, state: State): string {
  return `${[...done, added].sort((one, other) => one - other).join(',')}|${state.value}|${state.mod}`;
}

/** Invocations and returns in the order of time as a list; at one time, invocations come first. */
function entries(calls: readonly KeyCall[]): Entry {
  const make = (call: KeyCall, index: number, isReturn: boolean): Entry => ({
    call,
    index,
    isReturn,
    at: isReturn ? call.returned : call.invoked,
    match: undefined,
    before: undefined,
    after: undefined,
  });
  const all = calls.flatMap((call, index) => {
    const [invocation, end] = [make(call, index, false), make(call, index, true)];
    invocation.match = end;
    return [invocation, end];
  });
  all.sort((one, other) => (one.at === other.at ? Number(one.isReturn) - Number(other.isReturn) : one.at - other.at));
  const head: Entry = { ...make(calls[0] ?? NOTHING, -1, false), after: undefined };
  let last = head;
  for (const entry of all) {
    last.after = entry;
    entry.before = last;
    last = entry;
  }
  return head;
}

const NOTHING: KeyCall = { client: '', invoked: 0, returned: 0, key: '', type: 'get', value: undefined, mod: 0 };

function lift(entry: Entry): void {
  for (const each of [entry, entry.match]) {
    if (each === undefined) continue;
    if (each.before !== undefined) each.before.after = each.after;
    if (each.after !== undefined) each.after.before = each.before;
  }
}

function unlift(entry: Entry): void {
  for (const each of [entry.match, entry]) {
    if (each === undefined) continue;
    if (each.before !== undefined) each.before.after = each;
    if (each.after !== undefined) each.after.before = each;
  }
}
