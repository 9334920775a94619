import { compareBytes } from '../byte-order.ts';
import { UserError } from '../user-error.ts';
import { LabelTokens } from './label-tokens.ts';
import {
  aggregated,
  keyErrors,
  type LabelOperator,
  type LabelRequirement,
  labelRequirement,
  requirementMatches,
  requirementText,
} from './label-requirement.ts';

/** A selector over labels: all requirements hold. Sorted by key. `nothing` selects nothing at all. */
export type LabelSelector =
  | { readonly requirements: readonly LabelRequirement[]; readonly nothing?: false }
  | { readonly requirements: readonly []; readonly nothing: true };

/** Selects everything. */
export const EVERYTHING: LabelSelector = { requirements: [] };
/** Selects nothing. */
export const NOTHING: LabelSelector = { requirements: [], nothing: true };

/**
 * Parses a selector as `-l` takes it: `a=b,c!=d,e in (f,g),!h,i>1`. An empty text selects everything. Throws UserError in
 * apimachinery's words (labels.Parse).
 */
export function parseLabelSelector(text: string): LabelSelector {
  return selectorOf(new LabelParser(text).requirements());
}

/** A selector from requirements in any order. */
export function selectorOf(requirements: readonly LabelRequirement[]): LabelSelector {
  return { requirements: [...requirements].sort((left, right) => compareBytes(left.key, right.key)) };
}

/** The selector that a plain set of labels is (labels.SelectorFromSet). It is not checked. */
export function selectorFromSet(labels: Readonly<Record<string, string>>): LabelSelector {
  return selectorOf(Object.entries(labels).map(([key, value]) => ({ key, operator: '=', values: [value] })));
}

export function labelSelectorMatches(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  if (selector.nothing === true) return false;
  return selector.requirements.every((requirement) => requirementMatches(requirement, labels));
}

/** The canonical text; it parses to an equal selector. Empty for everything and for nothing. */
export function labelSelectorText(selector: LabelSelector): string {
  return selector.requirements.map(requirementText).join(',');
}

const OPERATORS: ReadonlyMap<string, LabelOperator> = new Map([
  ['in', 'in'],
  ['notin', 'notin'],
  ['=', '='],
  ['==', '=='],
  ['!=', '!='],
  ['>', 'gt'],
  ['<', 'lt'],
]);

class LabelParser {
  readonly #tokens: LabelTokens;

  constructor(text: string) {
    this.#tokens = new LabelTokens(text);
  }

  requirements(): LabelRequirement[] {
    const found: LabelRequirement[] = [];
    for (;;) {
      const next = this.#tokens.peek();
      if (next.kind === 'end') return found;
      if (!startsRequirement(next)) {
        throw new UserError(`found '${next.text}', expected: !, identifier, or 'end of string'`);
      }
      found.push(this.#requirement());
      const after = this.#tokens.take();
      if (after.kind === 'end') return found;
      if (after.kind !== ',') throw new UserError(`found '${after.text}', expected: ',' or 'end of string'`);
      const following = this.#tokens.peek();
      if (!startsRequirement(following)) {
        throw new UserError(`found '${following.text}', expected: identifier after ','`);
      }
    }
  }

  #requirement(): LabelRequirement {
    try {
      return this.#parsed();
    } catch (error) {
      if (error instanceof UserError) throw new UserError(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }

  #parsed(): LabelRequirement {
    const negated = this.#tokens.peek().kind === '!';
    if (negated) this.#tokens.take();
    const key = this.#tokens.take();
    if (key.kind !== 'identifier') throw new UserError(`found '${key.text}', expected: identifier`);
    const errors = keyErrors(key.text, '<nil>');
    if (errors.length > 0) throw new UserError(aggregated(errors));
    if (negated) return labelRequirement(key.text, '!', []);
    const next = this.#tokens.peek().kind;
    if (next === 'end' || next === ',') return labelRequirement(key.text, 'exists', []);
    const operator = this.#operator();
    const values = operator === 'in' || operator === 'notin' ? this.#values() : [this.#exactValue()];
    return labelRequirement(key.text, operator, values);
  }

  #operator(): LabelOperator {
    const token = this.#tokens.takeOperator();
    const operator = token.kind === 'identifier' || token.kind === 'error' ? undefined : OPERATORS.get(token.text);
    if (operator === undefined) throw new UserError(`found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`);
    return operator;
  }

  #exactValue(): string {
    const { kind } = this.#tokens.peek();
    if (kind === 'end' || kind === ',') return '';
    const value = this.#tokens.take();
    if (value.kind !== 'identifier') throw new UserError(`found '${value.text}', expected: identifier`);
    return value.text;
  }

  #values(): string[] {
    const open = this.#tokens.take();
    if (open.kind !== '(') throw new UserError(`found '${open.text}' expected: '('`);
    const first = this.#tokens.peek();
    if (first.kind === ')') {
      this.#tokens.take();
      return [''];
    }
    if (first.kind !== 'identifier' && first.kind !== ',') {
      throw new UserError(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values = this.#list();
    this.#tokens.take();
    return [...values].sort(compareBytes);
  }

  /** Values between commas, up to the closing parenthesis; where there is nothing between two, the value is empty. */
  #list(): Set<string> {
    const values = new Set<string>();
    for (;;) {
      const token = this.#tokens.take();
      const next = this.#tokens.peek();
      if (token.kind === 'identifier') {
        values.add(token.text);
        if (next.kind === ')') return values;
        if (next.kind !== ',') throw new UserError(`found '${next.text}', expected: ',' or ')'`);
      } else if (token.kind === ',') {
        if (values.size === 0 || next.kind === ')' || next.kind === ',') values.add('');
        if (next.kind === ')') return values;
      } else {
        throw new UserError(`found '${token.text}', expected: ',', or identifier`);
      }
    }
  }
}

function startsRequirement(token: { kind: string }): boolean {
  return token.kind === 'identifier' || token.kind === '!';
}
