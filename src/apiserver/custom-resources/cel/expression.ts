import { Environment, Optional } from '@marcbachmann/cel-js';
import { Duration } from '@marcbachmann/cel-js/evaluator';
import { CelError } from './cel-error.ts';
import { CelTypes, type CelType } from './cel-types.ts';
import { celEquals, CelObject, type ValueFactory } from './cel-values.ts';
import { compileMessage, type LibraryError } from './compile-message.ts';
import { type CelNode, chargeNodes, nodesOf } from './cel-nodes.ts';
import { type CostMeter, CostExceeded } from './cost-meter.ts';
import {
  AUTHORIZER_FUNCTIONS,
  AUTHORIZER_TYPE,
  CelAuthorizer,
  CelDecision,
  CelGroupCheck,
  CelPathCheck,
  CelResourceCheck,
  DECISION_TYPE,
  GROUP_CHECK_TYPE,
  PATH_CHECK_TYPE,
  RESOURCE_CHECK_TYPE,
} from './functions/authorizer-functions.ts';
import type { FunctionTable } from './functions/function-table.ts';
import { FORMAT_TYPE, formatFunctions, NamedFormat, namedFormats } from './functions/format-functions.ts';
import { LIST_FUNCTIONS, rangeOf, SET_FUNCTIONS } from './functions/list-functions.ts';
import { CelCidr, CelIp, CIDR_TYPE, IP_TYPE, NETWORK_FUNCTIONS, URL_TYPE } from './functions/network-functions.ts';
import { CelQuantity, compare, QUANTITY_FUNCTIONS, QUANTITY_TYPE } from './functions/quantity-functions.ts';
import { regexFunctions } from './functions/regex-functions.ts';
import { quoteText, STRING_FUNCTIONS } from './functions/string-functions.ts';
import { TIME_FUNCTIONS } from './functions/time-functions.ts';
import { optionalMapMacros } from './optional-macros.ts';
import { twoVariableMacros } from './two-variable-macros.ts';

/** The one file that names the CEL library: what it is told, what it is asked, and what its errors mean. */

/** Functions of the library that count UTF-16 units or could hang are called by these names instead. */
const RENAMED = 'k8s_';

/** A compiled expression. */
export interface Expression {
  readonly usesOldSelf: boolean;
  /** The library's name of its type: `bool`. */
  readonly type: string;
  /** Whether it is nothing but the name of a variable, or of something in one, whose type is as it is declared. */
  readonly isReference: boolean;
  /** The result, or an error with cel-go's text. Throws CostExceeded when it costs more than the meter has. */
  run(variables: Variables, meter: CostMeter): unknown;
}

/** What an expression may speak of, by name. */
export type Variables = Readonly<Record<string, unknown>>;

/** Why an expression cannot be compiled; the message is what follows `compilation failed: `. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}

/** The functions of expressions; making it costs more than what is made with it. */
export class CelLibrary {
  readonly #environment = new Environment({ enableOptionalTypes: true });
  readonly #renamed = registerFunctions(this.#environment);

  /** Names of methods that are called by another name. */
  get renamed(): ReadonlySet<string> {
    return this.#renamed;
  }

  /** An environment that can be told more. */
  environment(): Environment {
    return this.#environment.clone();
  }
}

/** The expressions of one schema, with the types of its parts. */
export class Expressions {
  readonly types: CelTypes;
  readonly factory: ValueFactory;
  readonly #environment: Environment;
  readonly #renamed: ReadonlySet<string>;
  readonly #classes = new Map<string, typeof CelObject>();

  /** `nameOf` says how expressions name a field of a schema; absent: as those of definitions do. */
  constructor(library: CelLibrary, nameOf?: (field: string) => string | undefined) {
    this.#environment = library.environment();
    this.#renamed = library.renamed;
    this.types = new CelTypes((type) => this.#declare(type), nameOf);
    this.factory = {
      objectOf: ({ name }) => new (this.#classes.get(name) ?? CelObject)(),
      durationOf: (nanoseconds) => new Duration(nanoseconds / 1_000_000_000n, Number(nanoseconds % 1_000_000_000n)),
    };
  }

  /** Compiles an expression about a value of a type. Throws CompileError. */
  compile(source: string, type: CelType, optionalOldSelf: boolean): Expression {
    const oldSelf = optionalOldSelf ? `optional<${type.name}>` : type.name;
    return this.compileWith(
      source,
      new Map([
        ['self', type.name],
        ['oldSelf', oldSelf],
      ]),
    );
  }

  /** Compiles an expression about variables, which are given with the names of their types. Throws CompileError. */
  compileWith(source: string, variables: ReadonlyMap<string, string>): Expression {
    const environment = this.#environment.clone();
    for (const [name, type] of variables) environment.registerVariable(name, type);
    const fail = (error: unknown): never => {
      throw new CompileError(compileMessage(source, error as LibraryError, RENAMED));
    };
    const parsed = parse(environment, source, fail);
    const nodes = nodesOf(parsed.ast as unknown as CelNode);
    rename(nodes, this.#renamed);
    const checked = parsed.check();
    if (!checked.valid) fail(checked.error);
    let meter: CostMeter | undefined;
    chargeNodes(parsed.ast as unknown as CelNode, RENAMED, () => meter);
    return {
      usesOldSelf: nodes.some(({ op, args }) => op === 'id' && args === 'oldSelf'),
      type: checked.type ?? 'dyn',
      isReference: ['id', '.', '[]'].includes((parsed.ast as unknown as CelNode).op),
      run(values, wanted) {
        meter = wanted;
        try {
          return settled(parsed({ ...values }), wanted);
        } catch (error) {
          if (wanted.exceeded) throw new CostExceeded();
          throw new CelError(runtimeText(error));
        } finally {
          meter = undefined;
        }
      },
    };
  }

  /** Declares an object type whose fields are computed when they are asked for; answers what makes such objects. */
  declareLazy(
    name: string,
    fields: ReadonlyMap<string, string>,
  ): (values: Readonly<Record<string, () => unknown>>) => object {
    const ctor = class extends CelObject {};
    this.#environment.registerType(name, { ctor, fields: Object.fromEntries(fields) } as never);
    return (values) => {
      const object = new ctor();
      for (const field of fields.keys()) {
        const get = values[field];
        if (get !== undefined) Object.defineProperty(object, field, { get, enumerable: true });
      }
      return object;
    };
  }

  /** An old value that may be missing. */
  optional(value: unknown): unknown {
    return optionalOf(value);
  }

  #declare(type: CelType & { kind: 'object' }): void {
    const ctor = class extends CelObject {};
    this.#classes.set(type.name, ctor);
    const fields = Object.fromEntries([...type.fields.values()].map(({ celName, declared }) => [celName, declared]));
    this.#environment.registerType(type.name, { ctor, fields } as never);
    this.#environment.registerOperator(`${type.name} == ${type.name}`, celEquals);
  }
}

/** An expression that swallowed its own end is not trusted. */
function settled(result: unknown, meter: CostMeter): unknown {
  if (meter.exceeded) throw new CostExceeded();
  return result;
}

function parse(environment: Environment, source: string, fail: (error: unknown) => never) {
  try {
    return environment.parse(source);
  } catch (error) {
    return fail(error);
  }
}

function rename(nodes: readonly CelNode[], renamed: ReadonlySet<string>): void {
  for (const node of nodes) {
    if (node.op !== 'rcall' || !Array.isArray(node.args)) continue;
    const [name] = node.args;
    if (typeof name === 'string' && renamed.has(name)) node.args[0] = `${RENAMED}${name}`;
  }
}

const TEXTS: Readonly<Record<string, string>> = {
  division_by_zero: 'division by zero',
  modulo_by_zero: 'modulus by zero',
  numeric_overflow: 'integer overflow',
  no_such_overload: 'no such overload',
  no_matching_overload: 'no such overload',
  invalid_logical_operand: 'no such overload',
  invalid_condition_type: 'no such overload',
  optional_value_missing: 'optional.none() dereference',
};

/** What went wrong when an expression ran, as cel-go says it. */
function runtimeText(error: unknown): string {
  if (error instanceof CelError) return error.message;
  const { code = '', summary, message } = error as Partial<LibraryError> & { message?: string };
  const text = summary ?? message ?? String(error);
  if (code === 'no_such_key') return text.replace(/^No such key/, 'no such key');
  if (code === 'index_out_of_bounds') return `index out of bounds: ${/index (-?\d+)/.exec(text)?.[1] ?? ''}`;
  return TEXTS[code] ?? text;
}

/** What stands for a namespace of functions: `sets`. */
class CelNamespace {
  readonly functions = true;
}

function optionalOf(value: unknown): unknown {
  return value === undefined ? Optional.none() : Optional.of(value);
}

/** Tells the library all functions; answers the names of methods that take the place of the library's own. */
function registerFunctions(environment: Environment): Set<string> {
  // Asked of another environment, as one that was asked gives what it is told to all others.
  const methods = new Set(
    new Environment()
      .getDefinitions()
      .functions.filter(({ receiverType }) => receiverType !== null)
      .map(({ name }) => name),
  );
  const renamed = new Set<string>();
  const register = (table: FunctionTable): void => {
    for (const [signature, handler] of Object.entries(table)) {
      const [, receiver, name = ''] = /^(?:([^(]*)\.)?(\w+)\(/.exec(signature) ?? [];
      const known = receiver !== undefined && methods.has(name);
      if (known) renamed.add(name);
      const text = known ? signature.replace(`.${name}(`, `.${RENAMED}${name}(`) : signature;
      environment.registerFunction(text, handler as never, { async: false } as never);
    }
  };
  registerTypes(environment);
  for (const table of [
    STRING_FUNCTIONS,
    LIST_FUNCTIONS,
    regexFunctions(),
    QUANTITY_FUNCTIONS,
    NETWORK_FUNCTIONS,
    TIME_FUNCTIONS,
    AUTHORIZER_FUNCTIONS,
    formatFunctions(optionalOf),
  ]) {
    register(table);
  }
  registerNamespaces(environment);
  for (const [signature, macro] of [...optionalMapMacros(Optional), ...twoVariableMacros()]) {
    environment.registerFunction(signature, macro as never);
  }
  return renamed;
}

function registerTypes(environment: Environment): void {
  const types: readonly (readonly [string, new (...values: never[]) => unknown])[] = [
    [QUANTITY_TYPE, CelQuantity],
    [IP_TYPE, CelIp],
    [CIDR_TYPE, CelCidr],
    [URL_TYPE, URL],
    [FORMAT_TYPE, NamedFormat],
    [PATH_CHECK_TYPE, CelPathCheck],
    [GROUP_CHECK_TYPE, CelGroupCheck],
    [RESOURCE_CHECK_TYPE, CelResourceCheck],
    [DECISION_TYPE, CelDecision],
  ];
  for (const [name, ctor] of types) environment.registerType(name, ctor as never);
  const fields = { requestResource: RESOURCE_CHECK_TYPE };
  environment.registerType(AUTHORIZER_TYPE, { ctor: CelAuthorizer, fields } as never);
  environment.registerOperator(
    `${QUANTITY_TYPE} == ${QUANTITY_TYPE}`,
    (a: CelQuantity, b: CelQuantity) => compare(a, b) === 0,
  );
  environment.registerOperator(
    `${IP_TYPE} == ${IP_TYPE}`,
    (a: CelIp, b: CelIp) => a.bits === b.bits && a.family === b.family,
  );
  environment.registerOperator(
    `${CIDR_TYPE} == ${CIDR_TYPE}`,
    (a: CelCidr, b: CelCidr) => a.address.bits === b.address.bits && a.length === b.length,
  );
  environment.registerOperator(`${URL_TYPE} == ${URL_TYPE}`, (a: URL, b: URL) => a.href === b.href);
}

/** `sets.contains(a, b)` and the like: functions of a constant that stands for the namespace. */
function registerNamespaces(environment: Environment): void {
  const namespaces: Readonly<Record<string, FunctionTable>> = {
    sets: SET_FUNCTIONS,
    lists: { 'range(int): list<int>': rangeOf },
    strings: { 'quote(string): string': quoteText },
    format: namedFormats(optionalOf),
  };
  for (const [name, table] of Object.entries(namespaces)) {
    const type = `${name}Namespace`;
    const ctor = class extends CelNamespace {};
    environment.registerType(type, ctor);
    environment.registerConstant(name, type, new ctor());
    for (const [signature, handler] of Object.entries(table)) {
      const call = handler as (...values: unknown[]) => unknown;
      environment.registerFunction(
        `${type}.${signature}`,
        ((_namespace: unknown, ...values: unknown[]) => call(...values)) as never,
        { async: false } as never,
      );
    }
  }
}
