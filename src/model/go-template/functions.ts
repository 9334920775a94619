import { equals, isLess } from './compare-functions.ts';
import { decodeBase64, escapeHtml, escapeQuery, escapeScript } from './escape-functions.ts';
import { FunctionError } from './function-error.ts';
import { goBool, isTrue, typeName, unboxed } from './go-value.ts';
import type { Concrete, GoValue } from './go-value.ts';
import { exists, indexInto, lengthOf, sliceOf } from './index-functions.ts';
import { sprint, sprintf, sprintln } from './sprintf.ts';

/** The Go type of a parameter: a reflect.Value, an `interface {}`, or a string. */
export type Parameter = 'value' | 'any' | 'string';

/** A function that templates can call. Arguments are checked against the parameters before. */
export interface TemplateFunction {
  readonly parameters: readonly Parameter[];
  /** The type of any number of further arguments; absent when there may be none. */
  readonly rest?: Parameter;
  /** Throws FunctionError. */
  call(args: readonly GoValue[]): GoValue;
}

/** Go's built-in functions and kubectl's own. `and`, `or` and `call` are the evaluator's work for the most part. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['and', { parameters: ['value'], rest: 'value', call: (args) => args.at(-1) }],
  ['or', { parameters: ['value'], rest: 'value', call: (args) => args.at(-1) }],
  ['call', { parameters: ['value'], rest: 'value', call: refuseCall }],
  ['not', { parameters: ['value'], call: ([value]) => goBool(!isTrue(value)) }],
  ['len', { parameters: ['value'], call: ([value]) => lengthOf(value) }],
  ['index', { parameters: ['value'], rest: 'value', call: ([value, ...indexes]) => indexInto(value, indexes) }],
  ['slice', { parameters: ['value'], rest: 'value', call: ([value, ...indexes]) => sliceOf(value, indexes) }],
  ['exists', { parameters: ['any'], rest: 'any', call: ([value, ...indexes]) => goBool(exists(value, indexes)) }],
  ['eq', { parameters: ['value'], rest: 'value', call: ([first, ...others]) => goBool(equals(first, others)) }],
  ['ne', comparison((left, right) => !equals(left, [right]))],
  ['lt', comparison(isLess)],
  ['le', comparison(isAtMost)],
  ['gt', comparison((left, right) => !isAtMost(left, right))],
  ['ge', comparison((left, right) => !isLess(left, right))],
  ['print', { parameters: [], rest: 'any', call: (args) => goText(sprint(printable(args))) }],
  ['println', { parameters: [], rest: 'any', call: (args) => goText(sprintln(printable(args))) }],
  ['printf', { parameters: ['string'], rest: 'any', call: format }],
  ['html', escaper(escapeHtml)],
  ['js', escaper(escapeScript)],
  ['urlquery', escaper(escapeQuery)],
  ['base64decode', { parameters: ['string'], call: ([text]) => base64decode(text) }],
]);

/** The names of the functions that templates can call. */
export const FUNCTION_NAMES: ReadonlySet<string> = new Set(FUNCTIONS.keys());

function comparison(compare: (left: GoValue, right: GoValue) => boolean): TemplateFunction {
  return { parameters: ['value', 'value'], call: ([left, right]) => goBool(compare(left, right)) };
}

function isAtMost(left: GoValue, right: GoValue): boolean {
  return isLess(left, right) || equals(left, [right]);
}

function escaper(escape: (text: string) => string): TemplateFunction {
  return {
    parameters: [],
    rest: 'any',
    call: (args) =>
      goText(escape(sprint(printable(args).map((arg) => arg ?? { kind: 'string', value: '<no value>' })))),
  };
}

function format(args: readonly GoValue[]): Concrete {
  const [pattern, ...rest] = printable(args);
  return goText(sprintf(pattern?.kind === 'string' ? pattern.value : '', rest));
}

function base64decode(text: GoValue): Concrete {
  const inner = unboxed(text);
  const decoded = decodeBase64(inner?.kind === 'string' ? inner.value : '');
  if ('text' in decoded) return goText(decoded.text);
  throw new FunctionError(`base64 decode failed: illegal base64 data at input byte ${decoded.wrongAt}`);
}

/** No value that a template can get at is a function. */
function refuseCall([callee]: readonly GoValue[]): never {
  const inner = unboxed(callee);
  throw new FunctionError(inner === undefined ? 'call of nil' : `non-function of type ${typeName(inner)}`);
}

function printable(args: readonly GoValue[]): (Concrete | null)[] {
  return args.map((arg) => unboxed(arg) ?? null);
}

function goText(value: string): Concrete {
  return { kind: 'string', value };
}
