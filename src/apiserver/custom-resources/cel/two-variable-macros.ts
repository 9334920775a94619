import {
  boundName,
  type MacroCall,
  type MacroChecker,
  type MacroContext,
  type MacroEvaluator,
  type MacroType,
} from './macro.ts';

/** What a comprehension over keys and values makes of its steps. */
interface Comprehension {
  /** The type of the whole, from the type of the step. */
  type(checker: MacroChecker, step: MacroType): MacroType;
  /** Runs the step for each key and value, in order. */
  run(pairs: readonly (readonly [unknown, unknown])[], step: (pair: readonly [unknown, unknown]) => unknown): unknown;
}

const boolean = (checker: MacroChecker): MacroType => checker.getType('bool');

const COMPREHENSIONS: Readonly<Record<string, Comprehension>> = {
  'list.all(ast, ast, ast): bool': { type: boolean, run: (pairs, step) => quantified(pairs, step, true) },
  'list.exists(ast, ast, ast): bool': { type: boolean, run: (pairs, step) => quantified(pairs, step, false) },
  'list.existsOne(ast, ast, ast): bool': {
    type: boolean,
    run: (pairs, step) => pairs.filter((pair) => step(pair) === true).length === 1,
  },
  'list.transformList(ast, ast, ast): list<dyn>': {
    type: (checker, step) => checker.registry.getListType(step),
    run: (pairs, step) => pairs.map((pair) => step(pair)),
  },
  'list.transformMap(ast, ast, ast): map<dyn, dyn>': {
    type: (checker) => checker.getType('map'),
    run: (pairs, step) => new Map(pairs.map((pair) => [pair[0], step(pair)])),
  },
};

/** cel-go's comprehensions with two variables, over lists (index and item) and maps (key and value). */
export function twoVariableMacros(): [signature: string, macro: (call: MacroCall) => object][] {
  return Object.entries(COMPREHENSIONS).map(([signature, comprehension]) => [
    signature,
    (call) => macroOf(call, comprehension),
  ]);
}

function macroOf({ receiver, args }: MacroCall, comprehension: Comprehension): object {
  const names = [boundName(args[0]), boundName(args[1])] as const;
  const body = args[2];
  let first: MacroContext | undefined;
  let second: MacroContext | undefined;
  return {
    receiver,
    body,
    async: false,
    typeCheck(checker: MacroChecker, _macro: unknown, context: MacroContext) {
      const range = checker.check(receiver, context);
      const key = range.kind === 'list' ? checker.getType('int') : (range.keyType ?? checker.getType('dyn'));
      first = context.forkWithVariable(names[0], key);
      second = first.forkWithVariable(names[1], range.valueType ?? checker.getType('dyn'));
      return comprehension.type(checker, checker.check(body, second));
    },
    evaluate(evaluator: MacroEvaluator, _macro: unknown, context: MacroContext) {
      const pairs = pairsOf(evaluator.run(receiver, context));
      return comprehension.run(pairs, ([key, value]) => {
        const outer = first?.reuse(context).setIterValue(key, evaluator) ?? context;
        return evaluator.run(body, second?.reuse(outer).setIterValue(value, evaluator) ?? outer);
      });
    },
  };
}

function pairsOf(range: unknown): [unknown, unknown][] {
  if (Array.isArray(range)) return range.map((item: unknown, index) => [BigInt(index), item]);
  return range instanceof Map ? [...range] : [];
}

/** `all` ends at the first that does not hold, `exists` at the first that does; errors count only if neither comes. */
function quantified(
  pairs: readonly (readonly [unknown, unknown])[],
  step: (pair: readonly [unknown, unknown]) => unknown,
  all: boolean,
): boolean {
  let failure: Error | undefined;
  for (const pair of pairs) {
    try {
      if (step(pair) === !all) return !all;
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }
  if (failure !== undefined) throw failure;
  return all;
}
