import { compareBytes } from '../byte-order.ts';
import type { JsonValue } from '../json-value.ts';
import { goQuote } from '../go-text.ts';
import { Evaluator } from './evaluator.ts';
import { plainFlags } from './format-flags.ts';
import { formatValue } from './format-value.ts';
import { FUNCTION_NAMES } from './functions.ts';
import { GoTemplateError } from './go-template-error.ts';
import { concrete, element, goInt, isTrue } from './go-value.ts';
import type { Concrete, GoValue } from './go-value.ts';
import type { BranchNode, Statement, TemplateNode } from './node.ts';
import type { Scope } from './scope.ts';
import { parseTemplate } from './template-parser.ts';
import type { TemplateSet } from './template-parser.ts';

/** As in Go. */
const DEEPEST_TEMPLATE = 100_000;
/** Beyond that, a template is taken for one that does not end. Go has no such bounds. */
const MOST_STEPS = 20_000_000;
const MOST_OUTPUT = 256 * 1024 * 1024;

export interface ExecuteOptions {
  /** Whether a key that a map lacks is no value rather than an error. */
  readonly allowMissingKeys: boolean;
}

/** A template in the language of Go's text/template with kubectl's functions (`base64decode`, `exists`). */
export class GoTemplate {
  readonly #name: string;
  readonly #text: string;
  readonly #templates: TemplateSet;

  /** Throws GoTemplateError when the text cannot be parsed. */
  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text;
    this.#templates = parseTemplate(name, text, FUNCTION_NAMES);
  }

  /**
   * Gives what the template prints to `write`, piece by piece. Throws GoTemplateError when it cannot go on; what was printed
   * until then was written. Bytes that are no UTF-8 are written as go-bytes.ts says.
   */
  execute(data: JsonValue, options: ExecuteOptions, write: (text: string) => void): void {
    const evaluator = new Evaluator({ name: this.#name, text: this.#text, ...options });
    new Execution(this.#templates, evaluator, write).run(this.#name, concrete(data) ?? undefined);
  }
}

type Jump = 'break' | 'continue' | undefined;
/** A run through statements that hands over the runs inside it, so that nesting needs no stack. */
type Walk = Generator<Walk, Jump, Jump>;

class Execution {
  readonly #templates: TemplateSet;
  readonly #evaluator: Evaluator;
  readonly #write: (text: string) => void;
  #steps = 0;
  #written = 0;

  constructor(templates: TemplateSet, evaluator: Evaluator, write: (text: string) => void) {
    this.#templates = templates;
    this.#evaluator = evaluator;
    this.#write = write;
  }

  run(name: string, data: GoValue): void {
    const scope = newScope(name, 0, data);
    const list = this.#templates.get(name);
    if (list === undefined) this.#evaluator.fail(scope, `${goQuote(name)} is an incomplete or empty template`);
    const walks: Walk[] = [this.#list(scope, data, list)];
    let jump: Jump;
    for (let walk = walks.at(-1); walk !== undefined; walk = walks.at(-1)) {
      const next = walk.next(jump);
      jump = undefined;
      if (next.done === true) {
        walks.pop();
        jump = next.value;
      } else {
        walks.push(next.value);
      }
    }
  }

  *#list(scope: Scope, dot: GoValue, list: readonly Statement[]): Walk {
    for (const statement of list) {
      this.#step();
      scope.node = statement;
      switch (statement.kind) {
        case 'text':
          this.#emit(statement.text);
          break;
        case 'action': {
          const value = this.#evaluator.pipeline(scope, dot, statement.pipe);
          if (statement.pipe.declared.length === 0) this.#emit(printed(value));
          break;
        }
        case 'break':
        case 'continue':
          return statement.kind;
        case 'template':
          yield this.#template(scope, dot, statement);
          break;
        case 'if':
        case 'range':
        case 'with': {
          const jump = yield statement.kind === 'range'
            ? this.#range(scope, dot, statement)
            : this.#branch(scope, dot, statement);
          if (jump !== undefined) return jump;
        }
      }
    }
    return undefined;
  }

  *#branch(scope: Scope, dot: GoValue, node: BranchNode): Walk {
    const mark = scope.variables.length;
    const value = this.#evaluator.pipeline(scope, dot, node.pipe);
    const truth = isTrue(value);
    const list = truth ? node.list : (node.elseList ?? []);
    const jump = yield this.#list(scope, truth && node.kind === 'with' ? value : dot, list);
    scope.variables.length = mark;
    return jump;
  }

  *#range(scope: Scope, dot: GoValue, node: BranchNode): Walk {
    const mark = scope.variables.length;
    const value = this.#evaluator.pipeline(scope, dot, node.pipe) as Concrete | undefined;
    const inner = scope.variables.length;
    let isEmpty = true;
    for (const [index, item] of this.#items(scope, value, node)) {
      isEmpty = false;
      this.#step();
      this.#setVariables(scope, node, index, item);
      const jump = yield this.#list(scope, item, node.list);
      scope.variables.length = inner;
      if (jump === 'break') break;
    }
    const jump = isEmpty && node.elseList !== undefined ? yield this.#list(scope, dot, node.elseList) : undefined;
    scope.variables.length = mark;
    return jump;
  }

  /** What a range goes through: index or key, and element. */
  *#items(scope: Scope, value: Concrete | undefined, node: BranchNode): Generator<[GoValue, GoValue]> {
    switch (value?.kind) {
      case undefined:
        return;
      case 'slice':
        for (const [index, item] of value.value.entries()) yield [goInt(index), element(item)];
        return;
      case 'map': {
        const keys = Object.keys(value.value).filter((key) => value.value[key] !== undefined);
        for (const key of keys.sort(compareBytes)) yield [{ kind: 'string', value: key }, element(value.value[key])];
        return;
      }
      case 'int':
      case 'int64':
      case 'uint8':
        if (node.pipe.declared.length > 1) {
          this.#evaluator.fail(scope, `can't use ${value.value} to iterate over more than one variable`);
        }
        for (let count = 0n; count < value.value; count++) yield [undefined, { kind: value.kind, value: count }];
        return;
      case 'bool':
      case 'float64':
      case 'string':
        this.#evaluator.fail(scope, `range can't iterate over ${printed(value)}`);
    }
  }

  #setVariables(scope: Scope, { pipe }: BranchNode, index: GoValue, item: GoValue): void {
    const [first, second] = pipe.declared;
    const values = second === undefined ? [item] : [index, item];
    for (const [at, variable] of [first, second].entries()) {
      if (variable === undefined) continue;
      const declared = scope.variables[scope.variables.length - values.length + at];
      if (pipe.assigns) this.#evaluator.assign(scope, variable.path[0], values[at]);
      else if (declared !== undefined) declared.value = values[at];
    }
  }

  *#template(scope: Scope, dot: GoValue, node: TemplateNode): Walk {
    const list = this.#templates.get(node.name);
    if (list === undefined) this.#evaluator.fail(scope, `template ${goQuote(node.name)} not defined`);
    if (scope.depth === DEEPEST_TEMPLATE) {
      this.#evaluator.fail(scope, `exceeded maximum template depth (${DEEPEST_TEMPLATE})`);
    }
    const data = node.pipe === undefined ? undefined : this.#evaluator.pipeline(scope, dot, node.pipe);
    yield this.#list(newScope(node.name, scope.depth + 1, data), data, list);
    return undefined;
  }

  #emit(text: string): void {
    this.#written += text.length;
    if (this.#written > MOST_OUTPUT) throw new GoTemplateError(`template: more than ${MOST_OUTPUT} characters`);
    this.#write(text);
  }

  #step(): void {
    if (++this.#steps > MOST_STEPS) throw new GoTemplateError(`template: more than ${MOST_STEPS} steps`);
  }
}

function newScope(templateName: string, depth: number, data: GoValue): Scope {
  return { templateName, depth, variables: [{ name: '$', value: data }], node: undefined };
}

/** A value as a template prints it. */
function printed(value: GoValue): string {
  if (value === undefined) return '<no value>';
  return formatValue(value.kind === 'interface' ? value.of : value, 'v', plainFlags());
}
