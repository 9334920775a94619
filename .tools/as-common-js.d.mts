export function asCommonJs(text: string): Promise<string>;
