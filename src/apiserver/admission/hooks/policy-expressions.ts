import { isJsonObject, type JsonObject, type JsonValue } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { CelError } from '../../custom-resources/cel/cel-error.ts';
import { toCelValue } from '../../custom-resources/cel/cel-values.ts';
import { CostExceeded, CostMeter } from '../../custom-resources/cel/cost-meter.ts';
import { type CelLibrary, CompileError, type Expression, Expressions } from '../../custom-resources/cel/expression.ts';
import { AUTHORIZER_TYPE, type CelAuthorizer } from '../../custom-resources/cel/functions/authorizer-functions.ts';
import { readSchema } from '../../custom-resources/schema/schema.ts';
import { NAMESPACE_SCHEMA, REQUEST_SCHEMA } from './request-schemas.ts';

/** What one run of an expression may cost (apiserver's apis/cel). */
const PER_CALL = 1_000_000;

/** An expression, or why there is none: `compilation failed: …`. */
export type Compiled = { readonly source: string } & (
  | { readonly expression: Expression; readonly stage: Stage }
  | { readonly problem: string }
);

/** A variable of a policy. */
export interface PolicyVariable {
  readonly name: string;
  readonly compiled: Compiled;
}

/** What the expressions of a policy speak of, as JSON. */
export interface PolicyInput {
  readonly object: KubeObject | undefined;
  readonly old: KubeObject | undefined;
  readonly request: JsonObject;
  readonly namespace: KubeObject | undefined;
  /** Undefined where the policy has none; null where a binding gives none. */
  readonly params: KubeObject | null | undefined;
  /** What asks access control. */
  readonly authorizer: CelAuthorizer;
}

/** What a run of an expression came to. */
export type Outcome = { readonly value: unknown } | { readonly failure: string };

/** The variables that are told by their types to the library; others are given as they are. */
const FIELD_TYPES: readonly string[] = ['bool', 'int', 'uint', 'double', 'string', 'bytes'];
const VARIABLES = 'PolicyVariables';

/** Compiles the expressions of one policy, or match conditions of a webhook. Variables are known to those that come after them. */
export class PolicyExpressions {
  readonly #library: CelLibrary;
  readonly #hasParams: boolean;
  readonly #variables: PolicyVariable[] = [];
  #stage: Stage | undefined;

  constructor(library: CelLibrary, hasParams: boolean) {
    this.#library = library;
    this.#hasParams = hasParams;
  }

  /** Compiles a variable, which may be of any type, and makes it known. */
  addVariable(name: string, source: string): Compiled {
    const compiled = this.compile(source, []);
    this.#variables.push({ name, compiled });
    this.#stage = undefined;
    return compiled;
  }

  /** Compiles an expression that must be of one of some types; none of them is any type. */
  compile(source: string, types: readonly string[]): Compiled {
    this.#stage ??= new Stage(this.#library, this.#variables, this.#hasParams);
    try {
      const expression = this.#stage.compile(source);
      const problem = typeProblem(expression, types);
      return problem === undefined ? { source, expression, stage: this.#stage } : { source, problem };
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      return { source, problem: `compilation failed: ${error.message}` };
    }
  }

  /** Makes what runs expressions about one request. */
  activation(input: PolicyInput): PolicyActivation {
    return new PolicyActivation(input, this.#variables);
  }
}

/** Expressions that are compiled when the same variables are known. */
class Stage {
  readonly expressions: Expressions;
  readonly lazily: (values: Readonly<Record<string, () => unknown>>) => object;
  readonly #types: ReadonlyMap<string, string>;
  readonly #request: ReturnType<Expressions['types']['typeOf']>;
  readonly #namespace: ReturnType<Expressions['types']['typeOf']>;

  constructor(library: CelLibrary, variables: readonly PolicyVariable[], hasParams: boolean) {
    this.expressions = new Expressions(library, (field) => field);
    this.#request = this.expressions.types.typeOf(readSchema(REQUEST_SCHEMA), false);
    this.#namespace = this.expressions.types.typeOf(readSchema(NAMESPACE_SCHEMA), false);
    const fields = variables.map(({ name, compiled }): [string, string] => {
      const type = 'expression' in compiled ? compiled.expression.type : 'dyn';
      return [name, FIELD_TYPES.includes(type) ? type : 'dyn'];
    });
    this.lazily = this.expressions.declareLazy(VARIABLES, new Map(fields));
    this.#types = new Map([
      ['object', 'dyn'],
      ['oldObject', 'dyn'],
      ['authorizer', AUTHORIZER_TYPE],
      ['request', this.#request?.name ?? 'dyn'],
      // A cluster-wide object has none, which the library would not take for an object of the type.
      ['namespaceObject', 'dyn'],
      ...(hasParams ? ([['params', 'dyn']] as const) : []),
      ...(fields.length === 0 ? [] : ([['variables', VARIABLES]] as const)),
    ]);
  }

  compile(source: string): Expression {
    return this.expressions.compileWith(source, this.#types);
  }

  /** What the library takes only in its own classes. */
  typedValues({ request, namespace }: PolicyInput): Record<string, unknown> {
    const { factory } = this.expressions;
    // Options are of any kind, which the schema cannot say.
    const { options = null, ...rest } = request;
    const given = this.#request === undefined ? {} : toCelValue(rest, this.#request, factory);
    Object.defineProperty(given, 'options', { value: dynamic(options), enumerable: true });
    const within = this.#namespace;
    return {
      request: given,
      namespaceObject:
        namespace === undefined || within === undefined
          ? null
          : toCelValue(namespace as unknown as JsonValue, within, factory),
    };
  }
}

/** Runs the expressions of a policy about one request; each variable is computed once, when it is asked for. */
class PolicyActivation {
  readonly #input: PolicyInput;
  readonly #plain: Readonly<Record<string, unknown>>;
  readonly #getters: Record<string, () => unknown> = {};
  readonly #values = new Map<Stage, Readonly<Record<string, unknown>>>();

  constructor(input: PolicyInput, variables: readonly PolicyVariable[]) {
    const { object = null, old = null, params, authorizer } = input;
    this.#input = input;
    this.#plain = {
      object: dynamic(object as JsonValue),
      oldObject: dynamic(old as JsonValue),
      authorizer,
      ...(params === undefined ? {} : { params: dynamic(params as JsonValue) }),
    };
    for (const { name, compiled } of variables) {
      let outcome: Outcome | undefined;
      this.#getters[name] = () => {
        outcome ??= this.#variable(name, compiled);
        if ('failure' in outcome) throw new CelError(outcome.failure);
        return outcome.value;
      };
    }
  }

  /** Runs an expression; one that was not compiled has failed. */
  run(compiled: Compiled): Outcome {
    if ('problem' in compiled) return { failure: `compilation error: ${compiled.problem}` };
    const outcome = this.#evaluate(compiled);
    if ('value' in outcome) return outcome;
    return { failure: `expression '${compiled.source}' resulted in error: ${outcome.failure}` };
  }

  #variable(name: string, compiled: Compiled): Outcome {
    const quoted = JSON.stringify(name);
    if ('problem' in compiled) {
      return { failure: `composited variable ${quoted} fails to compile: ${compiled.problem}` };
    }
    const outcome = this.#evaluate(compiled);
    if ('value' in outcome) return outcome;
    return { failure: `composited variable ${quoted} fails to evaluate: ${outcome.failure}` };
  }

  /** Expressions of one stage are given the same values. */
  #valuesFor(stage: Stage): Readonly<Record<string, unknown>> {
    let values = this.#values.get(stage);
    if (values === undefined) {
      values = { ...this.#plain, ...stage.typedValues(this.#input), variables: stage.lazily(this.#getters) };
      this.#values.set(stage, values);
    }
    return values;
  }

  #evaluate({ expression, stage }: { readonly expression: Expression; readonly stage: Stage }): Outcome {
    try {
      return { value: expression.run(this.#valuesFor(stage), new CostMeter(PER_CALL)) };
    } catch (error) {
      if (error instanceof CostExceeded) return { failure: 'operation cancelled: actual cost limit exceeded' };
      if (error instanceof CelError) return { failure: error.message };
      throw error;
    }
  }
}

/**
 * What is wrong with an expression's type. The library knows of fewer results than cel-go which type they are: anything but a
 * plain reference is given the benefit of the doubt, and fails when it is run.
 */
function typeProblem({ type, isReference }: Expression, types: readonly string[]): string | undefined {
  if (types.length === 0 || types.includes(type) || (type === 'dyn' && !isReference)) return undefined;
  const wanted = types.map((each) => (each === 'null' ? 'null_type' : each));
  return wanted.length === 1
    ? `must evaluate to ${wanted[0] ?? ''} but got ${typeText(type)}`
    : `must evaluate to one of [${wanted.join(' ')}] but got ${typeText(type)}`;
}

function typeText(type: string): string {
  return type.replaceAll('<', '(').replaceAll('>', ')');
}

/** JSON as an expression sees it where no schema says more. */
function dynamic(value: JsonValue): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(dynamic);
  if (!isJsonObject(value)) return value;
  return new Map(Object.entries(value).map(([key, field]) => [key, dynamic(field ?? null)]));
}
