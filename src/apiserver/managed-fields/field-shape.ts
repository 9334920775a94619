import type { KubeObject } from '../../model/kube-object.ts';

/** A shape longer than this is not worth comparing. */
const LONGEST = 8192;
/** No value that Go prints for an unset field is longer: `0s`. */
const LONGEST_ZERO = 2;

/**
 * What decides which fields a new object has: its fields' names, the types of their values, and the values themselves where
 * those count, in lists and where they may be zero. Objects of one resource with the same shape have the same fields. Of
 * managedFields nothing is told. Undefined for an object that is large, or has a value that is no plain JSON.
 */
export function fieldShape({ metadata, ...fields }: KubeObject): string | undefined {
  const { managedFields: _entries, ...rest } = metadata;
  const shape = new Shape();
  return shape.add({ ...fields, metadata: rest }, false) ? shape.text : undefined;
}

class Shape {
  text = '';

  /** Adds a value; the values in it too where they are `told`. Answers whether that can be done. */
  add(value: unknown, told: boolean): boolean {
    if (this.text.length > LONGEST) return false;
    if (typeof value === 'string') this.#string(value, told);
    else if (typeof value === 'object' && value !== null) return this.#container(value, told);
    else if (told || !value) this.text += `${typeof value}${String(value)};`;
    else this.text += `${typeof value};`;
    return true;
  }

  #string(value: string, told: boolean): void {
    if (told || value.length <= LONGEST_ZERO) this.text += `"${value.length}:${value}`;
    else this.text += '"';
  }

  #container(value: object, told: boolean): boolean {
    if (Array.isArray(value)) {
      this.text += `[${value.length}:`;
      return value.every((item) => this.add(item, true));
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return false;
    this.text += '{';
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined) continue;
      this.text += `${name.length}:${name}`;
      if (!this.add(field, told)) return false;
    }
    this.text += '}';
    return true;
  }
}
