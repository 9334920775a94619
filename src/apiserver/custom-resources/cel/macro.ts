/** The library's own side of macros, as far as it is used here. */
export interface MacroChecker {
  check(node: unknown, context: MacroContext): MacroType;
  getType(name: string): MacroType;
  readonly registry: { getOptionalType(type: MacroType): MacroType; getListType(type: MacroType): MacroType };
  createError(code: string, message: string, node: unknown): Error;
}

export interface MacroType {
  readonly kind: string;
  readonly name: string;
  readonly keyType?: MacroType;
  readonly valueType?: MacroType;
}

export interface MacroContext {
  forkWithVariable(name: string, type: MacroType): MacroContext;
  reuse(parent: MacroContext): MacroContext;
  setIterValue(value: unknown, evaluator: MacroEvaluator): MacroContext;
}

export interface MacroEvaluator {
  run(node: unknown, context: MacroContext): unknown;
}

/** What a macro is called with. */
export interface MacroCall {
  readonly ast: unknown;
  readonly receiver: unknown;
  readonly args: readonly { readonly op: string; readonly args: unknown }[];
}

/** The name that a macro binds. Throws when it is no name. */
export function boundName(node: MacroCall['args'][number] | undefined): string {
  if (node?.op === 'id' && typeof node.args === 'string') return node.args;
  throw new Error('argument must be a simple name');
}
