import { type Fields, objectsIn, textIn } from '../../kinds/fields.ts';
import type { Compiled, PolicyExpressions, PolicyInput } from './policy-expressions.ts';

/** Whether a request is meant, or why that cannot be told. */
export type ConditionResult = { readonly matches: boolean } | { readonly failure: string };

/** The match conditions of a policy or webhook, compiled. */
export class MatchConditions {
  readonly #expressions: PolicyExpressions;
  readonly #conditions: readonly Compiled[];
  readonly #fails: boolean;

  /** `owner` has the conditions and a failurePolicy, which says what an error means. */
  constructor(expressions: PolicyExpressions, owner: Fields) {
    this.#expressions = expressions;
    this.#conditions = objectsIn(owner, 'matchConditions').map((condition) =>
      expressions.compile(textIn(condition, 'expression').trim(), ['bool']),
    );
    this.#fails = textIn(owner, 'failurePolicy') !== 'Ignore';
  }

  get isEmpty(): boolean {
    return this.#conditions.length === 0;
  }

  /** One condition that is false goes before any error. */
  match(input: PolicyInput): ConditionResult {
    if (this.isEmpty) return { matches: true };
    const activation = this.#expressions.activation(input);
    const outcomes = this.#conditions.map((condition) => activation.run(condition));
    if (outcomes.some((outcome) => 'value' in outcome && outcome.value === false)) return { matches: false };
    const failures = outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome.failure] : []));
    if (failures.length === 0) return { matches: true };
    if (!this.#fails) return { matches: false };
    const all = [...new Set(failures)];
    return { failure: all.length === 1 ? (all[0] ?? '') : `[${all.join(', ')}]` };
  }
}
