import { compareBytes } from './byte-order.ts';
import { jsonNumber } from './go-number.ts';
import { kyamlKey, kyamlString } from './kyaml-string.ts';
import { RawJson } from './raw-json.ts';

/**
 * A JSON value as `kubectl -o kyaml` prints it, byte for byte (KEP-5295, sigs.k8s.io/yaml/kyaml): after a line `---`, flow
 * style with a comma behind every field, keys sorted by their bytes and quoted only where YAML would misread them, lists
 * of objects and lists cuddled. Ends in a line feed. Fields that are undefined are left out. With `sortKeys: false` fields
 * keep their order, as Go prints typed objects.
 */
export function printKyaml(value: unknown, { sortKeys = true }: { readonly sortKeys?: boolean } = {}): string {
  const printer = new KyamlWriter(sortKeys);
  printer.node(value, 0);
  return `---\n${printer.text()}\n`;
}

class KyamlWriter {
  readonly #parts: string[] = [];
  readonly #sortKeys: boolean;

  constructor(sortKeys: boolean) {
    this.#sortKeys = sortKeys;
  }

  text(): string {
    return this.#parts.join('');
  }

  /** Prints a value whose line has begun; the lines after it stand `level` deep. */
  node(value: unknown, level: number): void {
    const plain = value instanceof RawJson ? value.toJSON() : value;
    if (typeof plain === 'string') this.#parts.push(kyamlString(plain, level + 1));
    else if (typeof plain === 'number' || typeof plain === 'bigint') this.#parts.push(jsonNumber(plain));
    else if (Array.isArray(plain)) this.#sequence(plain, level);
    else if (typeof plain === 'object' && plain !== null) this.#mapping(plain, level);
    else this.#parts.push(typeof plain === 'boolean' ? String(plain) : 'null');
  }

  #sequence(items: readonly unknown[], level: number): void {
    if (items.length === 0) {
      this.#parts.push('[]');
    } else if (items.every((item) => typeof item === 'object' && item !== null)) {
      let before = '[';
      for (const item of items) {
        this.#parts.push(before);
        this.node(item, level);
        before = ', ';
      }
      this.#parts.push(']');
    } else {
      this.#parts.push('[\n');
      for (const item of items) {
        this.#parts.push('  '.repeat(level + 1));
        this.node(item, level + 1);
        this.#parts.push(',\n');
      }
      this.#parts.push('  '.repeat(level), ']');
    }
  }

  #mapping(object: object, level: number): void {
    const fields = Object.entries(object).filter(([, value]) => value !== undefined);
    if (fields.length === 0) {
      this.#parts.push('{}');
      return;
    }
    if (this.#sortKeys) fields.sort(([left], [right]) => compareBytes(left, right));
    this.#parts.push('{\n');
    for (const [key, value] of fields) {
      this.#parts.push('  '.repeat(level + 1), kyamlKey(key), ': ');
      this.node(value, level + 1);
      this.#parts.push(',\n');
    }
    this.#parts.push('  '.repeat(level), '}');
  }
}
