import { wireJsonText } from '../model/wire-json.ts';

/** Lists of fewer objects are one piece. */
export const MANY_OBJECTS = 1000;
const PIECE = 250;

/** Whether a body is a list or table of so many objects that its text is better made in pieces. */
export function isLongList(body: unknown): body is Record<string, unknown> {
  if (typeof body !== 'object' || body === null) return false;
  const items: unknown = 'items' in body ? body.items : 'rows' in body ? body.rows : undefined;
  return Array.isArray(items) && items.length > MANY_OBJECTS;
}

/** The text that wireJsonText has for a list, and a line feed, some hundred objects a piece. */
export function* jsonPieces(list: Readonly<Record<string, unknown>>): Generator<string, void, undefined> {
  let before = '{';
  for (const [name, value] of Object.entries(list)) {
    if (value === undefined) continue;
    const field = `${before}${JSON.stringify(name)}:`;
    before = ',';
    if (Array.isArray(value) && value.length > MANY_OBJECTS) yield* arrayPieces(field, value);
    else yield field + wireJsonText(value);
  }
  yield before === '{' ? '{}\n' : '}\n';
}

function* arrayPieces(field: string, values: readonly unknown[]): Generator<string, void, undefined> {
  let before = `${field}[`;
  for (let start = 0; start < values.length; start += PIECE) {
    const piece = wireJsonText(values.slice(start, start + PIECE));
    yield before + piece.slice(1, -1);
    before = ',';
  }
  yield ']';
}
