import { type FieldError, fieldForbidden, duplicate, invalidValue, required } from '../../../model/field-error.ts';
import { isJsonObject, type JsonValue } from '../../../model/json-value.ts';
import { childPath, errorPath, indexPath, keyPath } from '../field-path.ts';
import { type Correlation, itemsByKey, keyOf } from '../schema/correlation.ts';
import { schemaFieldPath } from '../schema/schema-field-path.ts';
import { childSchemas, type Schema, schemaHas, type ValidationRule, valueSchemaOf } from '../schema/schema.ts';
import { CelError } from './cel-error.ts';
import type { CelType } from './cel-types.ts';
import { toCelValue } from './cel-values.ts';
import { CostExceeded, CostMeter } from './cost-meter.ts';
import { CelLibrary, CompileError, type Expression, Expressions } from './expression.ts';
import type { RuleValidator } from './rule-validator.ts';

/** What one run of an expression may cost, and what all rules on an object may (apiserver's apis/cel). */
const PER_CALL = 1_000_000;
const PER_OBJECT = 10_000_000;
const LONGEST_MESSAGE = 5 * 1024;
const OUT_OF_BUDGET = 'validation failed due to running out of cost budget, no further validation rules will be run';

/** A rule, compiled or not. */
interface CompiledRule {
  readonly rule: ValidationRule;
  readonly expression: Expression | undefined;
  readonly message: Expression | undefined;
  /** Why there is no expression. */
  readonly problem: string | undefined;
  readonly fieldPath: string;
}

/** A part of a schema with rules in it, or below it. */
interface RuleNode {
  readonly schema: Schema;
  readonly type: CelType | undefined;
  readonly rules: readonly CompiledRule[];
  readonly items: RuleNode | undefined;
  readonly values: RuleNode | undefined;
  readonly properties: ReadonlyMap<string, RuleNode>;
}

/** Compiles the rules of a schema of objects; undefined when it has none. What cannot be compiled fails every object. */
export function compileRules(schema: Schema, isResource = true, library = new CelLibrary()): RuleValidator | undefined {
  if (!hasRules(schema)) return undefined;
  const expressions = new Expressions(library);
  // All types are told before the first expression is compiled, as the library takes none later.
  declareTypes(expressions, schema, isResource);
  const root = compileNode(expressions, schema, isResource);
  return {
    validate(value, before, path = '') {
      const run = new RuleRun(expressions);
      if (root !== undefined) run.visit(root, { value, old: before?.old, path, before, parent: undefined });
      return run.errors;
    },
  };
}

function declareTypes(expressions: Expressions, schema: Schema, isResource: boolean): void {
  expressions.types.typeOf(schema, isResource);
  for (const child of childSchemas(schema)) declareTypes(expressions, child, child.embeddedResource);
}

function hasRules(schema: Schema): boolean {
  return schemaHas(schema, ({ validations }) => validations.length > 0);
}

function compileNode(expressions: Expressions, schema: Schema, isResource: boolean): RuleNode | undefined {
  if (!hasRules(schema)) return undefined;
  const type = expressions.types.typeOf(schema, isResource);
  const values = valueSchemaOf(schema);
  const below = (each: Schema): RuleNode | undefined => compileNode(expressions, each, each.embeddedResource);
  const properties = [...schema.properties].flatMap(([name, property]): [string, RuleNode][] => {
    const node = below(property);
    return node === undefined ? [] : [[name, node]];
  });
  return {
    schema,
    type,
    rules: type === undefined ? [] : schema.validations.map((rule) => compileRule(expressions, schema, type, rule)),
    items: schema.items === undefined ? undefined : below(schema.items),
    values: values === undefined ? undefined : below(values),
    properties: new Map(properties),
  };
}

function compileRule(expressions: Expressions, schema: Schema, type: CelType, rule: ValidationRule): CompiledRule {
  const found = rule.fieldPath === '' ? undefined : schemaFieldPath(rule.fieldPath, schema);
  const fieldPath = found !== undefined && 'path' in found ? found.path : '';
  const optional = rule.optionalOldSelf === true;
  try {
    const expression = rule.rule.trim() === '' ? undefined : expressions.compile(rule.rule, type, optional);
    const message =
      rule.messageExpression === '' ? undefined : expressions.compile(rule.messageExpression, type, optional);
    return { rule, expression, message, problem: undefined, fieldPath };
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return {
      rule,
      expression: undefined,
      message: undefined,
      problem: `compilation failed: ${error.message}`,
      fieldPath,
    };
  }
}

/** A value where rules are run. */
interface Visited {
  readonly value: JsonValue;
  /** What it was, where that can be told; undefined otherwise. */
  readonly old: JsonValue | undefined;
  readonly path: string;
  /** For ratcheting: with its old value; undefined where there is none. */
  readonly before: Correlation | undefined;
  /** The nearest value around it that has an old one. */
  readonly parent: Correlation | undefined;
}

/** One validation of one object: rules are run until their cost is used up. */
class RuleRun {
  readonly errors: FieldError[] = [];
  readonly #expressions: Expressions;
  #budget = PER_OBJECT;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  visit(node: RuleNode, visited: Visited): void {
    const { value } = visited;
    if (value === null || this.#budget < 0) return;
    this.#rules(node, visited);
    if (Array.isArray(value)) this.#items(node, visited, value);
    else if (isJsonObject(value)) this.#fields(node, visited, value);
  }

  #items({ items, schema }: RuleNode, visited: Visited, list: readonly JsonValue[]): void {
    if (items === undefined) return;
    const { old, before } = visited;
    const known = schema.listType === 'map' && Array.isArray(old) ? itemsByKey(old, schema) : undefined;
    for (const [index, value] of list.entries()) {
      this.visit(items, {
        value,
        old: known?.get(keyOf(value, schema)),
        path: indexPath(visited.path, index),
        before: before?.item(index),
        parent: before ?? visited.parent,
      });
    }
  }

  #fields(node: RuleNode, visited: Visited, fields: Record<string, JsonValue | undefined>): void {
    const { old, before } = visited;
    const oldFields = isJsonObject(old) ? old : {};
    for (const key of Object.keys(fields).sort()) {
      const property = node.properties.get(key);
      const below = property ?? node.values;
      if (below === undefined) continue;
      const fixed = visited.path === '' && (key === 'apiVersion' || key === 'kind');
      this.visit(below, {
        value: fields[key] ?? null,
        old: Object.hasOwn(oldFields, key) ? oldFields[key] : undefined,
        path: property === undefined ? keyPath(visited.path, key) : childPath(visited.path, key),
        before: fixed ? undefined : before?.field(key),
        parent: fixed ? undefined : (before ?? visited.parent),
      });
    }
  }

  #rules({ rules, schema, type }: RuleNode, visited: Visited): void {
    if (rules.length === 0 || type === undefined) return;
    if (this.#budget <= 0) {
      this.#stop(visited, schema, OUT_OF_BUDGET);
      return;
    }
    const { factory } = this.#expressions;
    const self = toCelValue(visited.value, type, factory);
    const usesOld = rules.some(({ expression }) => expression?.usesOldSelf === true);
    const had = visited.old !== undefined && visited.old !== null;
    const oldSelf = usesOld && had ? toCelValue(visited.old ?? null, type, factory) : undefined;
    for (const rule of rules) {
      if (this.#budget < 0) return;
      this.#rule(rule, schema, visited, { self, oldSelf });
    }
  }

  #rule(compiled: CompiledRule, schema: Schema, visited: Visited, values: { self: unknown; oldSelf: unknown }): void {
    const { rule, expression, problem } = compiled;
    const fail = (detail: string): void => {
      this.errors.push(invalidValue(errorPath(visited.path), schema.type, detail));
    };
    if (problem !== undefined) fail(`rule compile error: ${problem}`);
    if (expression === undefined) return;
    const optional = rule.optionalOldSelf === true;
    if (expression.usesOldSelf && values.oldSelf === undefined && !optional) return;
    const oldSelf = optional ? this.#expressions.optional(values.oldSelf) : values.oldSelf;
    const variables = { self: values.self, oldSelf };
    const meter = new CostMeter(PER_CALL);
    try {
      const holds = expression.run(variables, meter);
      if (!this.#pay(meter, visited, schema)) return;
      if (holds !== true) this.#broken(compiled, schema, visited, variables);
    } catch (error) {
      if (error instanceof CostExceeded) {
        const text = `'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${shownRule(rule)}`;
        this.#stop(visited, schema, text);
      } else if (error instanceof CelError) {
        if (this.#pay(meter, visited, schema)) fail(runtimeText(error.message, rule));
      } else throw error;
    }
  }

  /** Takes the cost of a run from what is left; false when there was not enough. */
  #pay({ used }: CostMeter, visited: Visited, schema: Schema): boolean {
    this.#budget -= Math.ceil(used);
    if (this.#budget >= 0) return true;
    this.#stop(visited, schema, OUT_OF_BUDGET);
    return false;
  }

  #stop({ path }: Visited, { type }: Schema, detail: string): void {
    this.errors.push(invalidValue(errorPath(path), type, detail));
    this.#budget = -1;
  }

  #broken(
    compiled: CompiledRule,
    schema: Schema,
    visited: Visited,
    variables: { self: unknown; oldSelf: unknown },
  ): void {
    const { rule, expression, message, fieldPath } = compiled;
    // What did not change is not refused, unless the rule is about change.
    const unchanged = visited.before === undefined ? visited.parent?.unchanged : visited.before.unchanged;
    if (expression?.usesOldSelf !== true && unchanged === true) return;
    const path = fieldPath === '' ? visited.path : childPath(visited.path, fieldPath);
    const detail = (message === undefined ? undefined : this.#message(message, variables)) ?? shownMessage(rule);
    const composite = schema.type === 'object' || schema.type === 'array';
    this.errors.push(ruleError(errorPath(path), composite ? undefined : visited.value, detail, rule.reason));
  }

  /** What a message expression says; undefined when it fails, or says nothing that can be shown. */
  #message(expression: Expression, variables: { self: unknown; oldSelf: unknown }): string | undefined {
    const meter = new CostMeter(PER_CALL);
    try {
      const text = expression.run(variables, meter);
      if (typeof text !== 'string') return undefined;
      const shown = text.trim();
      const good = shown !== '' && !shown.includes('\n') && Buffer.byteLength(shown) <= LONGEST_MESSAGE;
      return good ? shown : undefined;
    } catch (error) {
      if (error instanceof CelError || error instanceof CostExceeded) return undefined;
      throw error;
    } finally {
      this.#budget -= Math.ceil(meter.used);
    }
  }
}

/** The error of a broken rule. A value that is undefined is not shown. */
function ruleError(path: string, value: JsonValue | undefined, detail: string, reason: string | undefined): FieldError {
  const shown = value === undefined ? { omitValue: true as const } : { value };
  switch (reason ?? '') {
    case 'FieldValueForbidden':
      return fieldForbidden(path, detail);
    case 'FieldValueRequired':
      return required(path, detail);
    case 'FieldValueDuplicate':
      return { ...duplicate(path, value), ...shown };
    default:
      return { type: 'FieldValueInvalid', field: path, detail, ...shown };
  }
}

function runtimeText(text: string, rule: ValidationRule): string {
  if (text.startsWith('no such overload')) {
    return `'${text}': call arguments did not match a supported operator, function or macro signature for rule: ${shownRule(rule)}`;
  }
  return `${text} evaluating rule: ${shownRule(rule)}`;
}

function shownRule({ rule, message }: ValidationRule): string {
  return (message === '' ? rule : message).trim();
}

function shownMessage(rule: ValidationRule): string {
  return rule.message === '' ? `failed rule: ${shownRule(rule)}` : rule.message.trim();
}
