import { yamlNumber } from './go-number.ts';
import { compareNatural } from './natural-order.ts';
import { RawJson } from './raw-json.ts';
import { YamlTextWriter } from './yaml-text-writer.ts';

/** go-yaml writes a longer key on a line of its own behind `?`. */
const LONGEST_SIMPLE_KEY = 128;
const LINE_BREAK = /[\n\r\u0085\u2028\u2029]/;

/**
 * A JSON value as `kubectl -o yaml` prints it, byte for byte: keys in go-yaml's natural order, lists not indented under
 * their key, only strings quoted that YAML 1.1 would read as something else. Ends in a line feed. Fields that are
 * undefined are left out; RawJson is printed as the value that it holds.
 */
export function printYaml(value: unknown): string {
  const printer = new YamlPrinter();
  printer.document(value);
  return printer.text();
}

class YamlPrinter {
  readonly #out = new YamlTextWriter();

  text(): string {
    return this.#out.text();
  }

  document(value: unknown): void {
    this.#node(value, 0);
    this.#out.end();
  }

  /** Prints a node whose first line has begun; lines after it stand `indent` deep. */
  #node(value: unknown, indent: number): void {
    const plain = value instanceof RawJson ? value.toJSON() : value;
    if (Array.isArray(plain)) {
      if (plain.length === 0) this.#out.write('[]');
      else this.#sequence(plain, indent);
    } else if (typeof plain === 'object' && plain !== null) {
      const fields = sortedFields(plain);
      if (fields.length === 0) this.#out.write('{}');
      else this.#mapping(fields, indent);
    } else {
      this.#leaf(plain, indent);
    }
  }

  #leaf(value: unknown, indent: number): void {
    if (typeof value === 'string') this.#out.value(value, Math.max(indent, 2));
    else if (typeof value === 'number' || typeof value === 'bigint') this.#out.write(yamlNumber(value));
    else this.#out.write(typeof value === 'boolean' ? String(value) : 'null');
  }

  #sequence(items: readonly unknown[], indent: number): void {
    let first = true;
    for (const item of items) {
      if (!first) this.#out.line(indent);
      first = false;
      this.#out.write('- ');
      this.#node(item, indent + 2);
    }
  }

  #mapping(fields: readonly (readonly [string, unknown])[], indent: number): void {
    let first = true;
    for (const [key, value] of fields) {
      if (!first) this.#out.line(indent);
      first = false;
      const simple = Buffer.byteLength(key) <= LONGEST_SIMPLE_KEY && !LINE_BREAK.test(key);
      if (simple) {
        this.#out.key(key, indent);
        this.#out.write(':');
        this.#field(value, indent);
      } else {
        this.#out.write('? ');
        this.#out.value(key, indent + 2);
        this.#out.line(indent);
        this.#out.write(': ');
        this.#node(value, indent + 2);
      }
    }
  }

  /** Prints the value of a simple key: a list begins on the next line at the key's own indent, a mapping deeper. */
  #field(value: unknown, indent: number): void {
    const plain = value instanceof RawJson ? value.toJSON() : value;
    if (Array.isArray(plain) && plain.length > 0) {
      this.#out.line(indent);
      this.#sequence(plain, indent);
      return;
    }
    const fields = typeof plain === 'object' && plain !== null && !Array.isArray(plain) ? sortedFields(plain) : [];
    if (fields.length > 0) {
      this.#out.line(indent + 2);
      this.#mapping(fields, indent + 2);
      return;
    }
    this.#out.write(' ');
    this.#node(plain, indent + 2);
  }
}

function sortedFields(object: object): [string, unknown][] {
  const fields = Object.entries(object).filter(([, value]) => value !== undefined);
  return fields.sort(([left], [right]) => compareNatural(left, right));
}
