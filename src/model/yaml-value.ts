import type { JsonObject, JsonValue } from './json-value.ts';
import { YamlError } from './yaml-error.ts';

const NULL_KEY = '\u0000kube-lite/null';
const MERGE_KEY = '\u0000kube-lite/merge';
const UINT64_KEY = '\u0000kube-lite/uint64 ';
const SEQUENCE_KEY = '\u0000kube-lite/sequence';
/** What js-yaml makes of a mapping that is a key. */
const MAPPING_KEY = '[object Object]';

/** Stands for a scalar that means something else as a key; js-yaml makes keys strings with `String`. */
class ScalarMark {
  /** What it is where it is no key. */
  readonly value: string | number | null;
  readonly #key: string;

  constructor(key: string, value: string | number | null) {
    this.value = value;
    this.#key = key;
  }

  /** Without it js-yaml would not ask `toString`. */
  get [Symbol.toStringTag](): string {
    return 'ScalarMark';
  }

  toString(): string {
    return this.#key;
  }
}

/** Stands for an explicit null while a document is read, so that a null key is not taken for the string "null". */
export const NULL_SCALAR = new ScalarMark(NULL_KEY, null);
/** Stands for a plain `<<`. */
export const MERGE_SCALAR = new ScalarMark(MERGE_KEY, '<<');

/** Stands for a float: as a key it is what sigs.k8s.io/yaml makes of a float32. */
export function floatScalar(value: number): object {
  return new ScalarMark(floatKey(value), value);
}

/** Stands for an integer above int64, which may be no key. */
export function uint64Scalar(value: number, text: string): object {
  return new ScalarMark(`${UINT64_KEY}${text}`, value);
}

/** A sequence whose text, which js-yaml asks for when it is a key, shows that it is one, and as Go's `%#v` what is in it. */
export class MarkedSequence extends Array<unknown> {
  override toString(): string {
    const items = Array.from(this, (item) => goSyntax(item instanceof ScalarMark ? item.value : item));
    return `${SEQUENCE_KEY}[]interface {}{${items.join(', ')}}`;
  }
}

function goSyntax(item: unknown): string {
  return item === null || item === undefined ? 'interface {}(nil)' : JSON.stringify(item);
}

/** Mirrors strconv.FormatFloat(value, 'g', -1, 32). */
function floatKey(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value) || !Number.isFinite(Math.fround(value))) return value > 0 ? '.inf' : '-.inf';
  const single = Math.fround(value);
  if (single === 0) return Object.is(value, -0) ? '-0' : '0';
  let digits = 1;
  while (Math.fround(Number(single.toExponential(digits - 1))) !== single) digits++;
  const [mantissa = '', exponent = ''] = single.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return Number(`${mantissa}e${power}`).toString();
  const size = String(Math.abs(power)).padStart(2, '0');
  return `${mantissa}e${power < 0 ? '-' : '+'}${size}`;
}

/** go-yaml lets aliases make up 99 % of a small document and 10 % of a great one, sliding between these sizes. */
const SMALL_DOCUMENT = 400_000;
const GREAT_DOCUMENT = 4_000_000;

/** Counts decoded nodes and refuses a document that is mostly made of aliases, by go-yaml's own rule. */
class AliasGuard {
  #decoded = 0;
  #aliased = 0;

  count(inAlias: boolean): void {
    this.#decoded++;
    if (!inAlias) return;
    this.#aliased++;
    if (this.#aliased <= 100 || this.#decoded <= 1000) return;
    if (this.#aliased / this.#decoded > allowedShare(this.#decoded)) {
      throw new YamlError('yaml: document contains excessive aliasing');
    }
  }
}

function allowedShare(decoded: number): number {
  if (decoded <= SMALL_DOCUMENT) return 0.99;
  if (decoded >= GREAT_DOCUMENT) return 0.1;
  return 0.99 - (0.89 * (decoded - SMALL_DOCUMENT)) / (GREAT_DOCUMENT - SMALL_DOCUMENT);
}

/**
 * Turns what js-yaml built into a JSON value that shares nothing: aliased containers are copied, with go-yaml's limit on
 * how much, and merges are done as go-yaml does them. `aliases` says whether the document may have aliases or merges.
 */
export function yamlValue(root: unknown, aliases: boolean): JsonValue {
  return (aliases ? new AliasExpander().expand(root, false) : settle(root)) as JsonValue;
}

/** Thrown for a mapping as a key: what go-yaml says of it needs the text. */
export class MappingKeyError extends YamlError {}

/** Thrown for an anchor inside itself. */
export class RecursiveAnchorError extends YamlError {}

function settle(value: unknown): unknown {
  if (value === undefined || value instanceof ScalarMark) return bare(value);
  if (Array.isArray(value)) {
    if (value instanceof MarkedSequence) Object.setPrototypeOf(value, Array.prototype);
    for (let index = 0; index < value.length; index++) value[index] = settle(value[index]);
    return value;
  }
  if (typeof value === 'object' && value !== null) {
    const object = value as JsonObject;
    for (const key of Object.keys(object)) {
      checkKey(key, object[key]);
      const field: unknown = object[key];
      if (typeof field !== 'string') setField(object, key, settle(field));
    }
    return object;
  }
  return checked(value);
}

class AliasExpander {
  readonly #guard = new AliasGuard();
  readonly #seen = new Set<object>();
  readonly #open = new Set<object>();

  expand(value: unknown, inAlias: boolean): unknown {
    if (value === undefined || value instanceof ScalarMark || typeof value !== 'object' || value === null) {
      this.#guard.count(inAlias);
      return checked(value === undefined || value instanceof ScalarMark ? bare(value) : value);
    }
    if (this.#open.has(value)) throw new RecursiveAnchorError('yaml: anchor value contains itself');
    const alias = inAlias || this.#seen.has(value);
    this.#guard.count(alias);
    this.#seen.add(value);
    this.#open.add(value);
    const result = Array.isArray(value) ? this.#array(value, alias) : this.#object(value as JsonObject, alias);
    this.#open.delete(value);
    return result;
  }

  #array(items: unknown[], inAlias: boolean): unknown[] {
    return Array.from(items, (item) => this.expand(item, inAlias));
  }

  #object(source: JsonObject, inAlias: boolean): JsonObject {
    const copy: JsonObject = {};
    for (const key of Object.keys(source)) {
      if (key === MERGE_KEY) {
        this.#merge(copy, source[key], inAlias);
      } else {
        checkKey(key, source[key]);
        setField(copy, key, this.expand(source[key], inAlias));
      }
    }
    return copy;
  }

  /** go-yaml v2 lets a merge override what stands before it; of several mappings the first wins. */
  #merge(target: JsonObject, source: unknown, inAlias: boolean): void {
    const mappings: unknown[] = Array.isArray(source) ? source.toReversed() : [source];
    for (const mapping of mappings) {
      const plain = typeof mapping === 'object' && mapping !== null && !Array.isArray(mapping);
      if (!plain || mapping instanceof ScalarMark) {
        throw new YamlError('yaml: map merge requires map or sequence of maps as the value');
      }
      const fields = this.expand(mapping, inAlias) as JsonObject;
      for (const key of Object.keys(fields)) setField(target, key, fields[key]);
    }
  }
}

function checked(value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  const sign = value > 0 ? '+' : '-';
  throw new YamlError(`json: unsupported value: ${Number.isNaN(value) ? 'NaN' : `${sign}Inf`}`);
}

/** A mark that turned out to be a value. */
function bare(value: ScalarMark | undefined): unknown {
  return value === undefined ? null : checked(value.value);
}

function checkKey(key: string, value: unknown): void {
  if (key === MAPPING_KEY) throw new MappingKeyError('yaml: invalid map key');
  if (key.startsWith(SEQUENCE_KEY)) throw new YamlError(`yaml: invalid map key: ${key.slice(SEQUENCE_KEY.length)}`);
  if (!key.startsWith(NULL_KEY) && !key.startsWith(UINT64_KEY)) return;
  const shown = value === undefined || value === null || value === NULL_SCALAR ? '<nil>' : JSON.stringify(value);
  const [type, text] = key === NULL_KEY ? ['%!s(<nil>)', '<nil>'] : ['uint64', key.slice(UINT64_KEY.length)];
  throw new YamlError(`unsupported map key of type: ${type}, key: ${text}, value: ${shown}`);
}

function setField(target: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  } else {
    target[key] = value as JsonValue;
  }
}
