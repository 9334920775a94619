// What a terminal takes for a command: C0 but for tab and line feed, DEL, and C1, which is ESC and a letter in one.
// oxlint-disable-next-line no-control-regex -- these are the characters that it is about
const COMMANDS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * A text with all characters that would command a terminal made visible: ESC as `^[`, as kubectl has it in tables, carriage return
 * as `\r`, others as `^G` or, beyond ASCII, `\u009b`, which is still JSON in a JSON string.
 */
export function terminalText(text: string): string {
  return text.replaceAll(COMMANDS, visible);
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (character === '\r') return String.raw`\r`;
  if (code > 0x7f) return `\\u00${code.toString(16)}`;
  return `^${String.fromCharCode(code ^ 0x40)}`;
}

/** The same for bytes that are no text: what a terminal obeys of them is ASCII. */
export function terminalBytes(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  return Buffer.from(
    text.replaceAll(COMMANDS, (character) => (character > '\u007f' ? character : visible(character))),
    'latin1',
  );
}
