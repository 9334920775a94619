import { FunctionError } from './function-error.ts';
import { FUNCTIONS } from './functions.ts';
import type { Parameter, TemplateFunction } from './functions.ts';
import { goQuote } from '../go-text.ts';
import { GoTemplateError } from './go-template-error.ts';
import { element, isTrue, typeName, unboxed } from './go-value.ts';
import type { GoValue } from './go-value.ts';
import type {
  ChainNode,
  CommandNode,
  ConstantNode,
  IdentifierNode,
  Node,
  NumberNode,
  Operand,
  PipeNode,
  VariableNode,
} from './node.ts';
import { nodeText } from './node.ts';
import type { Scope } from './scope.ts';

/** A value of the command before in a pipeline; undefined when this is the first. */
type Final = { readonly value: GoValue } | undefined;

export interface EvaluatorOptions {
  readonly name: string;
  readonly text: string;
  /** Whether a key that a map lacks is no value rather than an error. */
  readonly allowMissingKeys: boolean;
}

/** Computes the pipelines of a template, with Go's rules and error texts. */
export class Evaluator {
  readonly #options: EvaluatorOptions;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  /** The value of a pipeline; variables that it declares are added to the scope. Throws GoTemplateError. */
  pipeline(scope: Scope, dot: GoValue, pipe: PipeNode): GoValue {
    scope.node = pipe;
    let final: Final;
    for (const command of pipe.commands) {
      final = { value: unboxed(this.#command(scope, dot, command, final)) };
    }
    for (const { path } of pipe.declared) {
      if (pipe.assigns) this.assign(scope, path[0], final?.value);
      else scope.variables.push({ name: path[0], value: final?.value });
    }
    return final?.value;
  }

  /** Gives the innermost variable of this name a value. */
  assign(scope: Scope, name: string, value: GoValue): void {
    const variable = scope.variables.findLast((each) => each.name === name);
    if (variable === undefined) this.fail(scope, `undefined variable: ${name}`);
    variable.value = value;
  }

  /** Throws what Go says of an error at the scope's node. */
  fail(scope: Scope, message: string): never {
    const { name } = this.#options;
    if (scope.node === undefined) throw new GoTemplateError(`template: ${scope.templateName}: ${message}`);
    const place = `${name}:${this.#place(scope.node)}`;
    const where = `executing ${goQuote(scope.templateName)} at <${nodeText(scope.node)}>`;
    throw new GoTemplateError(`template: ${place}: ${where}: ${message}`);
  }

  #place({ at }: Node): string {
    const before = this.#options.text.slice(0, at);
    const line = before.lastIndexOf('\n') + 1;
    return `${before.split('\n').length}:${Buffer.byteLength(before.slice(line))}`;
  }

  #command(scope: Scope, dot: GoValue, { args }: CommandNode, final: Final): GoValue {
    const [first] = args;
    switch (first.kind) {
      case 'field':
        scope.node = first;
        return this.#fields(scope, {
          receiver: dot,
          path: first.path,
          hasArguments: args.length > 1 || final !== undefined,
        });
      case 'chain':
        return this.#chain(scope, dot, first, args.length > 1 || final !== undefined);
      case 'identifier':
        return this.#function(
          scope,
          dot,
          { node: first, errorNode: { kind: 'command', at: first.at, args }, args },
          final,
        );
      case 'pipe':
        this.#noArguments(scope, args, final);
        return this.pipeline(scope, dot, first);
      case 'variable':
        return this.#variable(scope, first, args, final);
      case 'bool':
      case 'dot':
      case 'nil':
      case 'number':
      case 'string':
        scope.node = first;
        this.#noArguments(scope, args, final);
        if (first.kind === 'nil') this.fail(scope, 'nil is not a command');
        return this.#constant(scope, dot, first);
    }
  }

  #noArguments(scope: Scope, args: readonly [Operand, ...Operand[]], final: Final): void {
    if (args.length > 1 || final !== undefined) {
      this.fail(scope, `can't give argument to non-function ${nodeText(args[0])}`);
    }
  }

  #constant(scope: Scope, dot: GoValue, node: ConstantNode): GoValue {
    switch (node.kind) {
      case 'bool':
        return { kind: 'bool', value: node.value };
      case 'string':
        return { kind: 'string', value: node.value };
      case 'number':
        return this.#number(scope, node);
      case 'dot':
      case 'nil':
        return dot;
    }
  }

  #number(scope: Scope, node: NumberNode): GoValue {
    scope.node = node;
    return node.value.kind === 'overflow' ? this.fail(scope, `${node.text} overflows int`) : node.value;
  }

  #chain(scope: Scope, dot: GoValue, node: ChainNode, hasArguments: boolean): GoValue {
    scope.node = node;
    const receiver = this.#operand(scope, dot, node.of);
    return this.#fields(scope, { receiver, path: node.path, hasArguments });
  }

  #variable(scope: Scope, node: VariableNode, args: readonly Operand[], final: Final): GoValue {
    scope.node = node;
    const [name, ...path] = node.path;
    const variable = scope.variables.findLast((each) => each.name === name);
    if (variable === undefined) return this.fail(scope, `undefined variable: ${name}`);
    if (path.length === 0) {
      this.#noArguments(scope, [args[0] ?? node, ...args.slice(1)], final);
      return variable.value;
    }
    return this.#fields(scope, {
      receiver: variable.value,
      path,
      hasArguments: args.length > 1 || final !== undefined,
    });
  }

  #fields(scope: Scope, chain: { receiver: GoValue; path: readonly string[]; hasArguments: boolean }): GoValue {
    let value = chain.receiver;
    for (const [index, name] of chain.path.entries()) {
      value = this.#field(scope, value, name, chain.hasArguments && index === chain.path.length - 1);
    }
    return value;
  }

  #field(scope: Scope, receiver: GoValue, name: string, hasArguments: boolean): GoValue {
    if (receiver === undefined) {
      if (!this.#options.allowMissingKeys) this.fail(scope, `nil data; no entry for key ${goQuote(name)}`);
      return undefined;
    }
    const inner = unboxed(receiver);
    if (inner === undefined) return this.fail(scope, `nil pointer evaluating ${typeName(receiver)}.${name}`);
    if (inner.kind !== 'map') return this.fail(scope, `can't evaluate field ${name} in type ${typeName(receiver)}`);
    if (hasArguments) this.fail(scope, `${name} is not a method but has arguments`);
    const found = Object.hasOwn(inner.value, name) ? inner.value[name] : undefined;
    if (found !== undefined) return element(found);
    if (!this.#options.allowMissingKeys) this.fail(scope, `map has no entry for key ${goQuote(name)}`);
    return undefined;
  }

  #function(
    scope: Scope,
    dot: GoValue,
    call: { readonly node: IdentifierNode; readonly errorNode: Node; readonly args: readonly Operand[] },
    final: Final,
  ): GoValue {
    scope.node = call.node;
    const { name } = call.node;
    const known = FUNCTIONS.get(name);
    if (known === undefined) return this.fail(scope, `${goQuote(name)} is not a defined function`);
    const args = call.args.slice(1);
    this.#checkCount(scope, name, { args: args.length, all: args.length + (final === undefined ? 0 : 1) });
    if (name === 'and' || name === 'or') return this.#logic(scope, dot, { args, isOr: name === 'or' }, final);
    const values = args.map((arg, index) => this.#argument(scope, dot, arg, parameterAt(known, index)));
    if (final !== undefined) values.push(this.#checked(scope, final.value, parameterAt(known, values.length)));
    try {
      return known.call(values);
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      scope.node = call.errorNode;
      const message =
        name === 'call'
          ? error.message.replace('non-function', `non-function ${calleeText(args, values)}`)
          : error.message;
      return this.fail(scope, `error calling ${name}: ${message}`);
    }
  }

  #checkCount(scope: Scope, name: string, count: { readonly args: number; readonly all: number }): void {
    const known = FUNCTIONS.get(name);
    const wanted = known?.parameters.length ?? 0;
    if (known?.rest !== undefined) {
      if (count.all < wanted) {
        this.fail(scope, `wrong number of args for ${name}: want at least ${wanted} got ${count.args}`);
      }
    } else if (count.all !== wanted) {
      this.fail(scope, `wrong number of args for ${name}: want ${wanted} got ${count.all}`);
    }
  }

  /** `and` and `or`, which leave out the arguments that do not matter any more. */
  #logic(scope: Scope, dot: GoValue, call: { args: readonly Operand[]; isOr: boolean }, final: Final): GoValue {
    let value: GoValue;
    for (const arg of call.args) {
      value = this.#argument(scope, dot, arg, 'value');
      if (isTrue(value) === call.isOr) return value;
    }
    return final === undefined ? value : final.value;
  }

  #argument(scope: Scope, dot: GoValue, node: Operand, type: Parameter): GoValue {
    scope.node = node;
    switch (node.kind) {
      case 'nil':
        return type === 'string' ? this.fail(scope, 'cannot assign nil to string') : undefined;
      case 'string':
      case 'bool':
      case 'number':
        if (type === 'string' && node.kind !== 'string') this.fail(scope, `expected string; found ${nodeText(node)}`);
        return this.#constant(scope, dot, node);
      case 'chain':
      case 'dot':
      case 'field':
      case 'identifier':
      case 'pipe':
      case 'variable':
        return this.#checked(scope, this.#operand(scope, dot, node), type);
    }
  }

  /** The value of an operand that is no constant. */
  #operand(scope: Scope, dot: GoValue, node: Operand): GoValue {
    scope.node = node;
    switch (node.kind) {
      case 'field':
        return this.#fields(scope, { receiver: dot, path: node.path, hasArguments: false });
      case 'variable':
        return this.#variable(scope, node, [], undefined);
      case 'pipe':
        return this.pipeline(scope, dot, node);
      case 'identifier':
        return this.#function(scope, dot, { node, errorNode: node, args: [node] }, undefined);
      case 'chain':
        return this.#chain(scope, dot, node, false);
      case 'bool':
      case 'dot':
      case 'nil':
      case 'number':
      case 'string':
        return this.#constant(scope, dot, node);
    }
  }

  /** Makes sure that a value fits the parameter. */
  #checked(scope: Scope, value: GoValue, type: Parameter): GoValue {
    if (type !== 'string') return value;
    if (value === undefined) return this.fail(scope, 'invalid value; expected string');
    const inner = unboxed(value);
    if (inner?.kind === 'string') return inner;
    return this.fail(scope, `wrong type for value; expected string; got ${typeName(inner ?? value)}`);
  }
}

function parameterAt(known: TemplateFunction, index: number): Parameter {
  return known.parameters[index] ?? known.rest ?? 'any';
}

/** What Go calls the thing that was to be called: the argument as written, or what came down the pipeline. */
function calleeText(args: readonly Operand[], values: readonly GoValue[]): string {
  const [first] = args;
  if (first !== undefined) return nodeText(first);
  const inner = unboxed(values[0]);
  if (inner === undefined) return '<invalid Value>';
  return inner.kind === 'string' ? inner.value : `<${typeName(inner)} Value>`;
}
