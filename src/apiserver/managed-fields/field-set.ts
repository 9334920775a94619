import { compareBytes } from '../../model/byte-order.ts';
import { isJsonObject } from '../../model/json-value.ts';

/**
 * A set of field paths, as metadata.managedFields keeps it (structured-merge-diff's fieldpath.Set). A path element is what
 * FieldsV1 writes: `f:name`, `k:{"name":"x"}`, `v:"x"`, `i:0`.
 */
export class FieldSet {
  /** Whether the path that this node stands for is itself a member. */
  #member = false;
  readonly #children = new Map<string, FieldSet>();

  get isEmpty(): boolean {
    return !this.#member && [...this.#children.values()].every((child) => child.isEmpty);
  }

  insert(path: readonly string[]): void {
    const [element, ...rest] = path;
    if (element === undefined) this.#member = true;
    else this.#child(element).insert(rest);
  }

  /** Takes a path and all below it out. */
  removeBelow(path: readonly string[]): void {
    const [element, ...rest] = path;
    if (element === undefined) return;
    if (rest.length === 0) this.#children.delete(element);
    else this.#children.get(element)?.removeBelow(rest);
  }

  /** Takes one path out, and leaves what is below it. */
  remove(path: readonly string[]): void {
    const [element, ...rest] = path;
    if (element === undefined) this.#member = false;
    else this.#children.get(element)?.remove(rest);
  }

  /** What is below one element; empty when there is nothing. */
  below(element: string): FieldSet {
    return this.#children.get(element) ?? new FieldSet();
  }

  /** Only what is below the one element, under it. */
  only(element: string): FieldSet {
    const result = new FieldSet();
    const child = this.#children.get(element);
    if (child !== undefined) result.#children.set(element, child);
    return result;
  }

  union(other: FieldSet): FieldSet {
    const result = new FieldSet();
    result.#member = this.#member || other.#member;
    for (const element of new Set([...this.#children.keys(), ...other.#children.keys()])) {
      result.#children.set(element, this.below(element).union(other.below(element)));
    }
    return result;
  }

  /** The members that `other` does not have. */
  difference(other: FieldSet): FieldSet {
    const result = new FieldSet();
    result.#member = this.#member && !other.#member;
    for (const [element, child] of this.#children) {
      const rest = child.difference(other.below(element));
      if (!rest.isEmpty) result.#children.set(element, rest);
    }
    return result;
  }

  /** As metadata.managedFields has it, in FieldsV1's order. */
  toFieldsV1(): Record<string, unknown> {
    const json: Record<string, unknown> = this.#member && this.#children.size > 0 ? { '.': {} } : {};
    for (const element of [...this.#children.keys()].sort(compareElements)) {
      const child = this.below(element);
      if (!child.isEmpty) json[element] = child.toFieldsV1();
    }
    return json;
  }

  /** Reads FieldsV1. Throws TypeError for what is none. */
  static fromFieldsV1(json: unknown): FieldSet {
    if (!isJsonObject(json)) throw new TypeError('fieldsV1 is no object');
    const set = new FieldSet();
    const elements = Object.keys(json);
    set.#member = elements.length === 0 || elements.includes('.');
    for (const element of elements) {
      if (element !== '.') set.#children.set(element, FieldSet.fromFieldsV1(json[element]));
    }
    return set;
  }

  #child(element: string): FieldSet {
    let child = this.#children.get(element);
    if (child === undefined) {
      child = new FieldSet();
      this.#children.set(element, child);
    }
    return child;
  }
}

const KINDS = 'fkvi';

/** Fields, then keys, then values, then indices; each sorted. */
function compareElements(left: string, right: string): number {
  const kinds = KINDS.indexOf(left.charAt(0)) - KINDS.indexOf(right.charAt(0));
  return kinds === 0 ? compareBytes(left, right) : kinds;
}
