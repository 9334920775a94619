import { quoteEscape, type ScalarAnalysis, scalarAnalysis, styleOf } from './yaml-scalar-style.ts';

/** Spaces behind this column become line breaks. */
const BEST_WIDTH = 80;
const SPACE = 0x20;
const BYTE_ORDER_MARK = 0xfeff;
const UNICODE_BREAK = /^[\u0085\u2028\u2029]$/;

/** YAML text in the making: knows the column, and writes scalars in the style that go-yaml v2 chooses for them. */
export class YamlTextWriter {
  readonly #parts: string[] = [];
  #column = 0;
  /** Whether the last character was a line break of Unicode's: then go-yaml begins no further line. */
  #broken = false;

  text(): string {
    return this.#parts.join('');
  }

  /** Writes text without line breaks. */
  write(text: string): void {
    this.#parts.push(text);
    this.#column += text.length;
    if (text === '\n') this.#column = 0;
  }

  /** Begins a line. */
  line(indent: number): void {
    this.#parts.push(this.#broken ? '' : '\n', ' '.repeat(indent));
    this.#column = indent;
    this.#broken = false;
  }

  /** Ends the document. */
  end(): void {
    this.line(0);
  }

  /** Writes a string as a simple key: on one line, never as a block. */
  key(text: string, indent: number): void {
    this.#scalar(text, indent, true);
  }

  /** Writes a string as a value; what of it goes on further lines stands `indent` deep. */
  value(text: string, indent: number): void {
    this.#scalar(text, indent, false);
  }

  #scalar(text: string, indent: number, simpleKey: boolean): void {
    const analysis = scalarAnalysis(text);
    switch (styleOf(text, analysis, simpleKey)) {
      case 'literal':
        this.#literal(text, indent);
        break;
      case 'double':
        this.#double(analysis.codePoints, indent, simpleKey);
        break;
      case 'single':
        this.#flow(analysis, indent, { simpleKey, quoted: true });
        break;
      case 'plain':
        this.#flow(analysis, indent, { simpleKey, quoted: false });
        break;
      default:
    }
  }

  #literal(text: string, indent: number): void {
    this.write(`|${/^[ \n\u0085\u2028\u2029]/.test(text) ? '2' : ''}${chomping(text)}`);
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const line of lines) {
      this.#broken = false;
      this.line(0);
      for (const part of line.split(/(?<=[\u0085\u2028\u2029])/)) {
        if (UNICODE_BREAK.test(part)) this.#unicodeBreak(part);
        else if (part !== '') this.#literalPart(part, indent);
      }
    }
  }

  #literalPart(part: string, indent: number): void {
    this.#parts.push(' '.repeat(indent));
    this.#column = indent;
    this.#broken = false;
    const last = part.slice(-1);
    if (!UNICODE_BREAK.test(last)) return this.write(part);
    this.write(part.slice(0, -1));
    this.#unicodeBreak(last);
  }

  #unicodeBreak(character: string): void {
    this.#parts.push(character);
    this.#column = 0;
    this.#broken = true;
  }

  /** Plain and single quoted scalars differ in their quotes only; both break after column 80. */
  #flow(analysis: ScalarAnalysis, indent: number, style: { simpleKey: boolean; quoted: boolean }): void {
    const { codePoints } = analysis;
    if (style.quoted) this.write("'");
    let spaces = false;
    for (const [index, code] of codePoints.entries()) {
      if (code === SPACE) {
        const inner = !style.quoted || (index > 0 && index < codePoints.length - 1);
        const breaks =
          !style.simpleKey && !spaces && this.#column > BEST_WIDTH && inner && codePoints[index + 1] !== SPACE;
        if (breaks) this.line(indent);
        else this.write(' ');
      } else {
        this.#flowCharacter(code, indent, style.quoted);
      }
      spaces = code === SPACE;
    }
    this.#broken = false;
    if (style.quoted) this.write("'");
  }

  #flowCharacter(code: number, indent: number, quoted: boolean): void {
    const text = String.fromCodePoint(code);
    if (UNICODE_BREAK.test(text)) {
      this.#unicodeBreak(text);
    } else {
      if (this.#broken) this.line(indent);
      this.#character(code, quoted && text === "'" ? "''" : text);
    }
  }

  #double(codePoints: readonly number[], indent: number, simpleKey: boolean): void {
    this.write('"');
    let spaces = false;
    // go-yaml looks for a byte order mark at the beginning only, and at each character again.
    const escapeAll = codePoints[0] === BYTE_ORDER_MARK;
    for (const [index, code] of codePoints.entries()) {
      const escape = quoteEscape(code, escapeAll);
      if (escape !== undefined) {
        this.write(escape);
      } else if (code === SPACE) {
        const inner = index > 0 && index < codePoints.length - 1;
        if (!simpleKey && !spaces && this.#column > BEST_WIDTH && inner) {
          this.line(indent);
          if (codePoints[index + 1] === SPACE) this.write('\\');
        } else {
          this.write(' ');
        }
      } else {
        this.#character(code, String.fromCodePoint(code));
      }
      spaces = escape === undefined && code === SPACE;
    }
    this.write('"');
  }

  /** A character is one column wide, whatever it is. */
  #character(code: number, text: string): void {
    this.#parts.push(text);
    this.#column += code > 0xffff ? 1 : text.length;
  }
}

/** What a block scalar says of its end: whether the last line feed is part of it, and those before it too. */
function chomping(text: string): '' | '-' | '+' {
  const last = text.slice(-1);
  const previous = text.slice(-2, -1);
  if (!/[\n\u0085\u2028\u2029]/.test(last)) return '-';
  return previous === '' || /[\n\u0085\u2028\u2029]/.test(previous) ? '+' : '';
}
