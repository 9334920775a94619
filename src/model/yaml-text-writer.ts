import { quoteEscape, type ScalarAnalysis, scalarAnalysis, styleOf } from './yaml-scalar-style.ts';

/** Spaces behind this column become line breaks. */
const BEST_WIDTH = 80;
const SPACE = 0x20;

/** YAML text in the making: knows the column, and writes scalars in the style that go-yaml v2 chooses for them. */
export class YamlTextWriter {
  readonly #parts: string[] = [];
  #column = 0;

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
    this.#parts.push('\n', ' '.repeat(indent));
    this.#column = indent;
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
    const lines = text.split('\n');
    const last = lines.at(-1) === '' ? lines.pop() : undefined;
    const hint = text.startsWith(' ') || text.startsWith('\n') ? '2' : '';
    const strip = last === undefined ? '-' : '';
    const keep = last !== undefined && (lines.length === 1 ? lines[0] === '' : lines.at(-1) === '') ? '+' : '';
    this.write(`|${hint}${strip}${keep}`);
    for (const line of lines) {
      if (line === '') {
        this.line(0);
      } else {
        this.line(indent);
        this.write(line);
      }
    }
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
        this.#character(code, style.quoted && code === 0x27 ? "''" : String.fromCodePoint(code));
      }
      spaces = code === SPACE;
    }
    if (style.quoted) this.write("'");
  }

  #double(codePoints: readonly number[], indent: number, simpleKey: boolean): void {
    this.write('"');
    let spaces = false;
    for (const [index, code] of codePoints.entries()) {
      const escape = quoteEscape(code);
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
