import type { KubeObject } from '../../../model/kube-object.ts';
import type { CelLibrary } from '../../custom-resources/cel/expression.ts';
import { type Fields, objectIn, objectsIn, partOf, textIn } from '../../kinds/fields.ts';
import { MatchConditions } from './match-conditions.ts';
import { type Compiled, PolicyExpressions, type PolicyInput } from './policy-expressions.ts';

/** Why a policy is against a request. */
export interface Denial {
  readonly message: string;
  /** Absent: Invalid. */
  readonly reason?: string;
  /** Whether it holds whatever the binding's actions are: the policy itself could not be evaluated. */
  readonly always?: true;
}

interface CompiledValidation {
  readonly validation: Fields;
  readonly expression: Compiled;
  readonly message: Compiled | undefined;
}

const LONGEST_MESSAGE = 5 * 1024;

/** A ValidatingAdmissionPolicy, compiled. */
export class ValidatingPolicy {
  readonly name: string;
  readonly spec: Fields;
  readonly #expressions: PolicyExpressions;
  readonly #conditions: MatchConditions;
  readonly #validations: readonly CompiledValidation[];
  readonly #annotations: readonly Compiled[];

  constructor(library: CelLibrary, policy: KubeObject) {
    this.name = policy.metadata.name ?? '';
    this.spec = partOf(policy, 'spec');
    const hasParams = objectIn(this.spec, 'paramKind') !== undefined;
    this.#conditions = new MatchConditions(new PolicyExpressions(library, hasParams), this.spec);
    const expressions = new PolicyExpressions(library, hasParams);
    this.#expressions = expressions;
    for (const variable of objectsIn(this.spec, 'variables')) {
      expressions.addVariable(textIn(variable, 'name'), textIn(variable, 'expression'));
    }
    this.#validations = objectsIn(this.spec, 'validations').map((validation) => {
      const message = textIn(validation, 'messageExpression');
      return {
        validation,
        expression: expressions.compile(textIn(validation, 'expression'), ['bool']),
        message: message === '' ? undefined : expressions.compile(message, ['string']),
      };
    });
    this.#annotations = objectsIn(this.spec, 'auditAnnotations').map((annotation) =>
      expressions.compile(textIn(annotation, 'valueExpression'), ['string', 'null']),
    );
  }

  /** Whether errors refuse a request. */
  get fails(): boolean {
    return textIn(this.spec, 'failurePolicy') !== 'Ignore';
  }

  /** What the policy has against a request. */
  evaluate(input: PolicyInput): Denial[] {
    const match = this.#conditions.match({ ...input, namespace: undefined });
    if ('failure' in match) return this.fails ? [{ message: match.failure }] : [];
    if (!match.matches) return [];
    const activation = this.#expressions.activation(input);
    const denials = this.#validations.flatMap((validation): Denial[] => {
      const outcome = activation.run(validation.expression);
      if ('failure' in outcome) return this.fails ? [{ message: outcome.failure }] : [];
      if (outcome.value === true) return [];
      const reason = textIn(validation.validation, 'reason');
      const said = validation.message === undefined ? undefined : activation.run(validation.message);
      const message = shownMessage(validation.validation, said !== undefined && 'value' in said ? said.value : '');
      return [{ message, ...(reason === '' ? {} : { reason }) }];
    });
    return [...denials, ...this.#annotationErrors(activation)];
  }

  /** Audit annotations go nowhere, as there is no audit log; one that fails still refuses. */
  #annotationErrors(activation: ReturnType<PolicyExpressions['activation']>): Denial[] {
    if (!this.fails) return [];
    return this.#annotations.flatMap((annotation): Denial[] => {
      const outcome = activation.run(annotation);
      return 'failure' in outcome ? [{ message: outcome.failure, always: true }] : [];
    });
  }
}

/** What the message expression says, or the message, or the expression that failed. */
function shownMessage(validation: Fields, said: unknown): string {
  const text = typeof said === 'string' ? said.trim() : '';
  if (text !== '' && !text.includes('\n') && Buffer.byteLength(text) <= LONGEST_MESSAGE) return text;
  const message = textIn(validation, 'message').trim();
  return message === '' ? `failed expression: ${textIn(validation, 'expression').trim()}` : message;
}
