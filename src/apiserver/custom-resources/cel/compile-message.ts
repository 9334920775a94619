/** An error of the CEL library, as far as it is looked at. */
export interface LibraryError {
  readonly code: string;
  readonly summary: string;
  readonly range?: { readonly start: number; readonly end: number };
  readonly node?: { readonly op?: string; readonly args?: unknown; readonly start: number; readonly end: number };
}

/** Why an expression cannot be compiled, as cel-go shows it: the place, the line, and a mark below it. */
export function compileMessage(source: string, error: LibraryError, prefix: string): string {
  const at = placeOf(source, error, prefix);
  const before = source.slice(0, at);
  const line = before.split('\n').length;
  const column = Array.from(before.slice(before.lastIndexOf('\n') + 1)).length;
  const text = source.split('\n')[line - 1] ?? '';
  const mark = `${'.'.repeat(column)}^`;
  return `ERROR: <input>:${line}:${column + 1}: ${messageOf(error, prefix)}\n | ${text}\n | ${mark}`;
}

/** Where cel-go sees an error: a field's dot, an operator, the bracket of a call. */
function placeOf(source: string, { range, node }: LibraryError, prefix: string): number {
  const start = range?.start ?? 0;
  const args = Array.isArray(node?.args) ? (node.args as unknown[]) : [];
  switch (node?.op ?? '') {
    case '.':
    case '.?':
      return Math.max(source.lastIndexOf('.', start), 0);
    case 'call':
      return Math.max(source.indexOf('(', start), 0);
    case 'rcall':
      return afterName(source, String(args[0]).replace(prefix, ''), endOf(args[1]) ?? start);
    default:
      return operatorPlace(source, args) ?? start;
  }
}

function afterName(source: string, name: string, from: number): number {
  const found = source.indexOf(name, from);
  return found < 0 ? from : found + name.length;
}

function endOf(node: unknown): number | undefined {
  return (node as { end?: number } | undefined)?.end;
}

/** The operator between two operands. */
function operatorPlace(source: string, [left, right]: readonly unknown[]): number | undefined {
  const from = endOf(left);
  const to = (right as { start?: number } | undefined)?.start;
  if (typeof from !== 'number' || typeof to !== 'number') return undefined;
  const between = source.slice(from, to).search(/[^\s)(]/);
  return between < 0 ? undefined : from + between;
}

function messageOf({ code, summary, node }: LibraryError, prefix: string): string {
  const quoted = /: (\S+)$/.exec(summary)?.[1] ?? '';
  switch (code) {
    case 'unknown_variable':
      return `undeclared reference to '${quoted}' (in container '')`;
    case 'no_such_key':
      return `undefined field '${quoted}'`;
    case 'no_such_overload':
      return overloadMessage(summary);
    case 'no_matching_overload':
      return callMessage(summary, prefix);
    default:
      return node?.op === undefined ? `Syntax error: ${summary}` : summary;
  }
}

function overloadMessage(summary: string): string {
  const binary = /^no such overload: (.+) (==|!=|<=|>=|<|>|in|\+|-|\*|\/|%) (.+)$/.exec(summary);
  if (binary !== null) {
    const [, left = '', operator = '', right = ''] = binary;
    const name = operator === 'in' ? '@in' : `_${operator}_`;
    return `found no matching overload for '${name}' applied to '(${typeText(left)}, ${typeText(right)})'`;
  }
  const unary = /^no such overload: ([!-])(.+)$/.exec(summary);
  if (unary === null) return summary;
  return `found no matching overload for '${unary[1] === '!' ? '!_' : '-_'}' applied to '(${typeText(unary[2] ?? '')})'`;
}

function callMessage(summary: string, prefix: string): string {
  const found = /^found no matching overload for '(?:(.*)\.)?([A-Za-z_]\w*)\((.*)\)'$/s.exec(summary);
  if (found === null) return summary;
  const [, receiver, name = '', args = ''] = found;
  const target = receiver === undefined ? '' : `${typeText(receiver)}.`;
  return `found no matching overload for '${name.replace(prefix, '')}' applied to '${target}(${typeText(args)})'`;
}

/** `list<string>` is `list(string)` in cel-go. */
function typeText(type: string): string {
  return type
    .replaceAll('<', '(')
    .replaceAll('>', ')')
    .replaceAll(/\bnull\b/g, 'null');
}
