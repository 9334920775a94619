/** A value of an expression: text, bigint (int), number (double), boolean, null, list, map, or what the library makes. */
export type CelValue = unknown;

/** Functions of expressions by their signature in the library's notation: `string.charAt(int): string`. */
export type FunctionTable = Readonly<Record<string, (...values: never[]) => CelValue>>;
