import { isJsonObject } from '../../model/json-value.ts';
import { canonicalElement, comparePathElements, type PathElement } from './path-element.ts';

/** A set of field paths, as metadata.managedFields keeps it (structured-merge-diff's fieldpath.Set). */
export class FieldSet {
  /** Whether the path that this node stands for is itself a member. */
  #member = false;
  readonly #children = new Map<PathElement, FieldSet>();

  get isEmpty(): boolean {
    return !this.#member && [...this.#children.values()].every((child) => child.isEmpty);
  }

  /** Whether the path that this node stands for is itself in the set that it was taken from. */
  get isMember(): boolean {
    return this.#member;
  }

  /** Whether anything below this node is in the set. */
  get hasBelow(): boolean {
    return [...this.#children.values()].some((child) => !child.isEmpty);
  }

  insert(path: readonly PathElement[]): void {
    const [element, ...rest] = path;
    if (element === undefined) this.#member = true;
    else this.#child(element).insert(rest);
  }

  has(path: readonly PathElement[]): boolean {
    const [element, ...rest] = path;
    if (element === undefined) return this.#member;
    return this.#children.get(element)?.has(rest) ?? false;
  }

  /** Takes a path and all below it out. */
  removeBelow(path: readonly PathElement[]): void {
    const [element, ...rest] = path;
    if (element === undefined) return;
    if (rest.length === 0) this.#children.delete(element);
    else this.#children.get(element)?.removeBelow(rest);
  }

  /** Takes one path out, and leaves what is below it. */
  remove(path: readonly PathElement[]): void {
    const [element, ...rest] = path;
    if (element === undefined) this.#member = false;
    else this.#children.get(element)?.remove(rest);
  }

  /** What is below one element; empty when there is nothing. */
  below(element: PathElement): FieldSet {
    return this.#children.get(element) ?? new FieldSet();
  }

  /** Only what is below the one element, under it. */
  only(element: PathElement): FieldSet {
    const result = new FieldSet();
    const child = this.#children.get(element);
    if (child !== undefined) result.#children.set(element, child.copy());
    return result;
  }

  copy(): FieldSet {
    return this.map((_element, child) => child.copy());
  }

  /** The same node with other children, made of what is below each element. */
  map(change: (element: PathElement, child: FieldSet) => FieldSet): FieldSet {
    const result = new FieldSet();
    result.#member = this.#member;
    for (const [element, child] of this.#children) result.#children.set(element, change(element, child));
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

  /** The members that `other` has too. */
  intersection(other: FieldSet): FieldSet {
    const result = new FieldSet();
    result.#member = this.#member && other.#member;
    for (const [element, child] of this.#children) {
      const both = child.intersection(other.below(element));
      if (!both.isEmpty) result.#children.set(element, both);
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

  /** Every member's path: those of one object before those inside its fields, each in FieldsV1's order. */
  paths(): PathElement[][] {
    const found: PathElement[][] = [];
    this.#collect([], found);
    return found;
  }

  /** As metadata.managedFields has it, in FieldsV1's order. */
  toFieldsV1(): Record<string, unknown> {
    const json: Record<string, unknown> = this.#member && this.hasBelow ? { '.': {} } : {};
    for (const element of this.#sorted()) {
      const child = this.below(element);
      if (!child.isEmpty) json[element] = child.toFieldsV1();
    }
    return json;
  }

  /** Reads FieldsV1. Throws TypeError for what is none. */
  static fromFieldsV1(json: unknown): FieldSet {
    const set = FieldSet.#read(json);
    // Nobody owns an object as such.
    set.#member = false;
    return set;
  }

  static #read(json: unknown): FieldSet {
    if (!isJsonObject(json)) throw new TypeError('fieldsV1 is no object');
    const set = new FieldSet();
    const elements = Object.keys(json);
    set.#member = elements.length === 0 || elements.includes('.');
    for (const element of elements) {
      if (element !== '.') set.#children.set(canonicalElement(element), FieldSet.#read(json[element]));
    }
    return set;
  }

  #collect(path: readonly PathElement[], found: PathElement[][]): void {
    const elements = this.#sorted();
    for (const element of elements) if (this.below(element).#member) found.push([...path, element]);
    for (const element of elements) this.below(element).#collect([...path, element], found);
  }

  #sorted(): PathElement[] {
    return [...this.#children.keys()].sort(comparePathElements);
  }

  #child(element: PathElement): FieldSet {
    let child = this.#children.get(element);
    if (child === undefined) {
      child = new FieldSet();
      this.#children.set(element, child);
    }
    return child;
  }
}
