import { boundName, type MacroCall, type MacroChecker, type MacroContext, type MacroEvaluator } from './macro.ts';

/** An optional value, as the library makes it. */
interface OptionalValue {
  hasValue(): boolean;
  value(): unknown;
}

interface OptionalMaker {
  of(value: unknown): OptionalValue;
  none(): OptionalValue;
}

/** `optMap` and `optFlatMap`: what an expression makes of a value that is there. */
export function optionalMapMacros(maker: OptionalMaker): [signature: string, macro: (call: MacroCall) => object][] {
  return [
    ['optional.optMap(ast, ast): optional<dyn>', (call) => mapMacro(call, maker, false)],
    ['optional.optFlatMap(ast, ast): optional<dyn>', (call) => mapMacro(call, maker, true)],
  ];
}

function mapMacro({ receiver, args }: MacroCall, maker: OptionalMaker, flat: boolean): object {
  const name = boundName(args[0]);
  const body = args[1];
  let bound: MacroContext | undefined;
  return {
    receiver,
    body,
    async: false,
    typeCheck(checker: MacroChecker, _macro: unknown, context: MacroContext) {
      const type = checker.check(receiver, context);
      const inner = type.kind === 'optional' && type.valueType !== undefined ? type.valueType : checker.getType('dyn');
      bound = context.forkWithVariable(name, inner);
      const result = checker.check(body, bound);
      return flat ? result : checker.registry.getOptionalType(result);
    },
    evaluate(evaluator: MacroEvaluator, _macro: unknown, context: MacroContext) {
      const found = evaluator.run(receiver, context) as OptionalValue;
      if (!found.hasValue() || bound === undefined) return maker.none();
      const result = evaluator.run(body, bound.reuse(context).setIterValue(found.value(), evaluator));
      return flat ? result : maker.of(result);
    },
  };
}
