import { compareBytes } from '../byte-order.ts';
import { goText, goTypeName } from '../go-text.ts';
import { isJsonObject } from '../json-value.ts';
import type { JsonValue } from '../json-value.ts';
import { RawJson } from '../raw-json.ts';
import { compareItems } from './comparison.ts';
import { GoNumber } from './go-number.ts';
import type { Item } from './go-number.ts';
import { JsonPathError } from './json-path-error.ts';
import type { JsonPathNode } from './json-path-node.ts';
import { sliceItems } from './slice-items.ts';
import { JsonPathLimitError, StepBudget } from './step-budget.ts';

type NodeOf<Type extends JsonPathNode['type']> = Extract<JsonPathNode, { type: Type }>;

/** A failure, with what was found until then: the test for existence in a filter looks at nothing else. */
class Failure extends JsonPathError {
  readonly found: Item[];

  constructor(message: string, found: Item[]) {
    super(message);
    this.found = found;
  }
}

/** What a filter works on, and what has passed it so far. */
interface Filtering {
  readonly input: Item[];
  readonly passed: Item[];
}

export interface JsonPathOptions {
  /** Whether a field that is absent finds nothing; otherwise it is an error. True when not said, as in kubectl. */
  readonly allowMissingKeys?: boolean;
  /** How many values may be looked at or found; 20 million when not said. */
  readonly mostSteps?: number;
}

/** One evaluation of a template. Keeps count of ranges the way client-go does, whose `end` may stand anywhere. */
export class Evaluation {
  readonly #nodes: readonly JsonPathNode[];
  readonly #allowMissingKeys: boolean;
  readonly #budget: StepBudget;
  #rangesBegun = 0;
  #rangesOpen = 0;
  #endsMet = 0;
  #lastEnd = -1;

  constructor(nodes: readonly JsonPathNode[], { allowMissingKeys = true, mostSteps }: JsonPathOptions) {
    this.#budget = new StepBudget(mostSteps);
    this.#nodes = nodes;
    this.#allowMissingKeys = allowMissingKeys;
  }

  /** Evaluates the template from one of its parts on, up to the end of the range that it is in. */
  run(from: number, value: Item): Item[][] {
    const all: Item[][] = [];
    for (let at = from; ; at++) {
      const node = this.#nodes[at];
      if (!node) return all;
      const found = this.#walk([value], node);
      if (this.#endsMet > 0 && this.#endsMet <= this.#rangesOpen) {
        this.#endsMet--;
        this.#lastEnd = at;
        return all;
      }
      if (this.#rangesBegun === 0) {
        all.push(found);
        continue;
      }
      for (const results of this.#range(at + 1, found)) all.push(results);
      if (this.#lastEnd > at) at = this.#lastEnd;
    }
  }

  #range(from: number, items: Item[]): Item[][] {
    this.#rangesBegun--;
    this.#rangesOpen++;
    const all: Item[][] = [];
    const round = (item: Item): Item[][] => this.#budget.inside(() => this.run(from, item));
    for (const item of items) for (const results of round(item ?? undefined)) all.push(results);
    // Without a round, the range is still gone through once, to find where it ends.
    if (items.length === 0) round(undefined);
    this.#rangesOpen--;
    return all;
  }

  #walk(input: Item[], node: JsonPathNode): Item[] {
    this.#budget.spend(1 + input.length);
    return this.#found(input, node);
  }

  #found(input: Item[], node: JsonPathNode): Item[] {
    switch (node.type) {
      case 'list':
        return this.#budget.inside(() => node.nodes.reduce((items: Item[], part) => this.#walk(items, part), input));
      case 'text':
        return [node.text];
      case 'int':
      case 'bool':
        return input.map(() => node.value);
      case 'float':
        return input.map(() => new GoNumber('float64', node.value));
      case 'identifier':
        return this.#identifier(input, node.name);
      case 'field':
        return this.#field(input, node.name);
      case 'array':
        return this.#array(input, node);
      case 'filter':
        return this.#filter(input, node);
      case 'wildcard':
        return this.#wildcard(input);
      case 'recursive':
        return this.#recursive(input);
      case 'union':
        break;
    }
    return this.#union(input, node);
  }

  #identifier(input: Item[], name: string): Item[] {
    if (name === 'range') {
      this.#rangesBegun++;
      return input;
    }
    if (name !== 'end') throw new Failure(`unrecognized identifier ${name}`, input);
    if (this.#rangesOpen === 0) throw new Failure('not in range, nothing to end', []);
    this.#endsMet++;
    return [];
  }

  #field(input: Item[], name: string): Item[] {
    const found: Item[] = [];
    for (const item of input.map(resolved)) {
      if (!isJsonObject(item) || !Object.hasOwn(item, name)) continue;
      const field = item[name];
      if (field !== undefined) found.push(field);
    }
    const isMissing = found.length === 0 && input.length > 0;
    if (isMissing && !this.#allowMissingKeys) throw new Failure(`${name} is not found`, []);
    return found;
  }

  #array(input: Item[], { slice }: NodeOf<'array'>): Item[] {
    const found: Item[] = [];
    for (const item of input.map(resolved)) {
      if (item === null || item === undefined) continue;
      if (!Array.isArray(item)) throw new Failure(`${typeName(item)} is not array or slice`, input);
      const part = sliceItems(item, slice);
      if (typeof part === 'string') throw new Failure(part, input);
      // Upstream forgets what came before an empty slice only for the lists behind it: it stops there.
      if (part === undefined) return found;
      this.#budget.spend(part.length);
      for (const each of part) found.push(each);
    }
    return found;
  }

  #wildcard(input: Item[]): Item[] {
    const found: Item[] = [];
    for (const item of input) for (const each of this.#children(item)) found.push(each);
    return found;
  }

  /** Everything that has children, parents first; a text counts when it is not empty. */
  #recursive(input: Item[]): Item[] {
    const found: Item[] = [];
    const left = input.toReversed();
    while (left.length > 0) {
      const item = resolved(left.pop());
      if (typeof item === 'string') {
        if (item !== '') found.push(item);
        continue;
      }
      const below = this.#children(item);
      if (below.length === 0) continue;
      found.push(item);
      for (const each of below.toReversed()) left.push(each);
    }
    return found;
  }

  /** Spends before values are made: a long text has as many children as it has bytes. */
  #children(value: Item): Item[] {
    const item = resolved(value);
    if (typeof item === 'string') this.#budget.spend(item.length);
    const found = children(item);
    this.#budget.spend(found.length);
    return found;
  }

  #union(input: Item[], { lists }: NodeOf<'union'>): Item[] {
    return asFailure(() => {
      const found: Item[] = [];
      for (const list of lists) for (const each of this.#walk(input, list)) found.push(each);
      this.#budget.spend(found.length);
      return found;
    }, input);
  }

  #filter(input: Item[], filter: NodeOf<'filter'>): Item[] {
    const found: Item[] = [];
    for (const item of input.map(resolved)) {
      if (!Array.isArray(item)) {
        throw new Failure(`${itemText(item)} is not array or slice and cannot be filtered`, input);
      }
      this.#budget.spend(item.length);
      for (const each of item) {
        if (this.#passes(each, filter, { input, passed: found })) found.push(each);
      }
    }
    return found;
  }

  #passes(item: JsonValue, { left, operator, right }: NodeOf<'filter'>, { input, passed }: Filtering): boolean {
    if (operator === 'exists') return this.#exists(item, left);
    const sides: Item[] = [];
    for (const list of [left, right]) {
      const found = asFailure(() => this.#walk([item], list), input);
      if (found.length === 0) return false;
      if (found.length > 1) throw new Failure('can only compare one element at a time', input);
      sides.push(found[0]);
    }
    return asFailure(() => compareItems(resolved(sides[0]), operator, resolved(sides[1])), passed);
  }

  /** A failure on the way counts as what was found before it, as upstream. */
  #exists(item: JsonValue, list: NodeOf<'list'>): boolean {
    try {
      return this.#walk([item], list).length > 0;
    } catch (error) {
      if (error instanceof Failure) return error.found.length > 0;
      throw error;
    }
  }
}

/** Runs a step whose failure leaves `found` behind. */
function asFailure<Result>(step: () => Result, found: Item[]): Result {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof JsonPathError) || error instanceof JsonPathLimitError) throw error;
    throw new Failure(error.message, found);
  }
}

function resolved(item: Item): Item {
  return item instanceof RawJson ? item.toJSON() : item;
}

function typeName(item: Item): string {
  return item instanceof GoNumber ? item.type : goTypeName(item);
}

function itemText(item: Item): string {
  if (item === undefined) return '<invalid reflect.Value>';
  return item instanceof GoNumber ? goText(item.value) : goText(item);
}

/** The fields of an object in the order of their names, the items of a list, the bytes of a text (as Go indexes it). */
function children(value: Item): Item[] {
  const item = resolved(value);
  if (typeof item === 'string') return Array.from(Buffer.from(item), (byte) => new GoNumber('uint8', byte));
  if (Array.isArray(item)) return item;
  if (item instanceof GoNumber || !isJsonObject(item)) return [];
  const fields = Object.entries(item).filter((field): field is [string, JsonValue] => field[1] !== undefined);
  return fields.sort(([a], [b]) => compareBytes(a, b)).map(([, field]) => field);
}
