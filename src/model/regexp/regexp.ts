import { parseRegexp } from './parse-regexp.ts';
import { UserError } from '../user-error.ts';
import { RegexpError } from './regexp-error.ts';
import type { Assertion, CharacterTest, RegexpNode } from './regexp-node.ts';

/** One step of a compiled expression; numbers are the steps that follow it. */
type Step =
  | { readonly type: 'character'; readonly test: CharacterTest; readonly next: number }
  | { readonly type: 'assertion'; readonly assertion: Assertion; readonly next: number }
  /** Goes both ways, the first one preferred. */
  | { readonly type: 'split'; first: number; second: number }
  | { readonly type: 'match' };

const MOST_STEPS = 100_000;
/** How many steps a match may take: seconds' worth, and more than an expression of some parts needs for the largest object. */
const MOST_VISITS = 10_000_000;
const WORD = /^\w$/;

/** Where a match is, in UTF-16 units. */
export interface RegexpMatch {
  readonly start: number;
  readonly end: number;
}

/**
 * A regular expression of Go's syntax (RE2), matched in time that grows with the text and not with what the expression
 * could try: it follows all alternatives at once and never goes back, so that no expression hangs the program. A large expression
 * on a large text is given up after a while: then `test`, `find` and `findAll` throw UserError.
 */
export class Regexp {
  readonly source: string;
  readonly #steps: Step[] = [];
  readonly #start: number;

  /** Throws RegexpError in Go's words. */
  constructor(source: string) {
    this.source = source;
    const last = this.#add({ type: 'match' });
    this.#start = this.#compile(parseRegexp(source), last);
  }

  /** Whether the text has a match anywhere. */
  test(text: string): boolean {
    return this.#search(characters(text), 0, true) !== undefined;
  }

  /** The leftmost match, the one that a backtracking engine would find first. */
  find(text: string): RegexpMatch | undefined {
    return this.findAll(text, 1)[0];
  }

  /** Matches that do not overlap, at most so many (absent: all). */
  findAll(text: string, most = Infinity): RegexpMatch[] {
    const units = characters(text);
    const found: RegexpMatch[] = [];
    const offsets = unitOffsets(units);
    let from = 0;
    let lastEnd = -1;
    while (found.length < most && from <= units.length) {
      const match = this.#search(units, from, false);
      if (match === undefined) break;
      const empty = match.end === match.start;
      // Go leaves out an empty match right after another match.
      if (!(empty && match.start === lastEnd)) {
        found.push({ start: offsets[match.start] ?? 0, end: offsets[match.end] ?? 0 });
      }
      lastEnd = match.end;
      from = empty ? match.end + 1 : match.end;
    }
    return found;
  }

  #search(text: readonly number[], from: number, anyEnd: boolean): RegexpMatch | undefined {
    let threads: { step: number; start: number }[] = [];
    let found: RegexpMatch | undefined;
    let visits = 0;
    // Where a step was seen last, plus one.
    const seen = new Uint32Array(this.#steps.length);
    for (let at = from; at <= text.length; at++) {
      const next: { step: number; start: number }[] = [];
      const begin = found === undefined ? [...threads, { step: this.#start, start: at }] : threads;
      const alive: { step: number; start: number }[] = [];
      for (const thread of begin) this.#follow(thread, { text, at, seen, alive });
      visits += begin.length + alive.length + 1;
      if (visits > MOST_VISITS) throw this.#takesTooLong(text);
      for (const { step, start } of alive) {
        const now = this.#steps[step];
        if (now?.type === 'match') {
          found = { start, end: at };
          if (anyEnd) return found;
          // What comes later is less preferred.
          break;
        }
        const character = text[at];
        if (now?.type === 'character' && character !== undefined && now.test(character)) {
          next.push({ step: now.next, start });
        }
      }
      threads = next;
      if (threads.length === 0 && found !== undefined) return found;
    }
    return found;
  }

  /** Follows steps that take no character, in order of preference. */
  #follow(
    thread: { step: number; start: number },
    where: { text: readonly number[]; at: number; seen: Uint32Array; alive: { step: number; start: number }[] },
  ): void {
    const stack = [thread.step];
    for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
      if (where.seen[step] === where.at + 1) continue;
      where.seen[step] = where.at + 1;
      const now = this.#steps[step];
      if (now?.type === 'split') stack.push(now.second, now.first);
      else if (now?.type === 'assertion') {
        if (holds(now.assertion, where.text, where.at)) stack.push(now.next);
      } else where.alive.push({ step, start: thread.start });
    }
  }

  #takesTooLong(text: readonly number[]): UserError {
    const source = this.source.length > 100 ? `${this.source.slice(0, 100)}...` : this.source;
    return new UserError(
      `the regular expression ${JSON.stringify(source)} takes too long on a text of ${text.length} characters`,
    );
  }

  #add(step: Step): number {
    if (this.#steps.length >= MOST_STEPS) throw new RegexpError('expression too large', this.source);
    return this.#steps.push(step) - 1;
  }

  /** Adds the steps of a node that go on at `next`; answers where they begin. */
  #compile(node: RegexpNode, next: number): number {
    switch (node.type) {
      case 'empty':
        return next;
      case 'character':
        return this.#add({ type: 'character', test: node.test, next });
      case 'assertion':
        return this.#add({ type: 'assertion', assertion: node.assertion, next });
      case 'sequence':
        return node.nodes.reduceRight((after, each) => this.#compile(each, after), next);
      case 'choice':
        return node.nodes
          .slice(0, -1)
          .reduceRight(
            (otherwise, each) => this.#add({ type: 'split', first: this.#compile(each, next), second: otherwise }),
            this.#compile(node.nodes.at(-1) ?? { type: 'empty' }, next),
          );
      case 'repeat':
        return this.#repeat(node, next);
    }
  }

  #repeat({ node, least, most, lazy }: RegexpNode & { type: 'repeat' }, next: number): number {
    let begin = next;
    if (most === Infinity) {
      const loop: Step & { type: 'split' } = { type: 'split', first: next, second: next };
      begin = this.#add(loop);
      const body = this.#compile(node, begin);
      if (lazy) loop.second = body;
      else loop.first = body;
    } else {
      for (let optional = least; optional < most; optional++) {
        const body = this.#compile(node, begin);
        begin = this.#add({ type: 'split', first: lazy ? next : body, second: lazy ? body : next });
      }
    }
    for (let needed = 0; needed < least; needed++) begin = this.#compile(node, begin);
    return begin;
  }
}

function characters(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

/** Where each character begins in UTF-16 units, and where the text ends. */
function unitOffsets(text: readonly number[]): number[] {
  const offsets = [0];
  let at = 0;
  for (const character of text) {
    at += character > 0xffff ? 2 : 1;
    offsets.push(at);
  }
  return offsets;
}

function holds(assertion: Assertion, text: readonly number[], at: number): boolean {
  switch (assertion) {
    case 'text-begin':
      return at === 0;
    case 'text-end':
      return at === text.length;
    case 'line-begin':
      return at === 0 || text[at - 1] === 10;
    case 'line-end':
      return at === text.length || text[at] === 10;
    case 'word':
      return isWord(text[at - 1]) !== isWord(text[at]);
    case 'not-word':
      return isWord(text[at - 1]) === isWord(text[at]);
  }
}

function isWord(character: number | undefined): boolean {
  return character !== undefined && character < 128 && WORD.test(String.fromCharCode(character));
}
