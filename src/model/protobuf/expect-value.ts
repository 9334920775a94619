import { canonicalQuantity, QuantityError } from '../quantity.ts';
import { ProtobufError } from './protobuf-error.ts';

/** Where in an object a value stands, for errors and against endless depth. */
export interface Path {
  readonly parent: Path | undefined;
  /** A field, a key, or an item: `[2]`. */
  readonly name: string;
  readonly depth: number;
}

export function childPath(parent: Path, name: string): Path {
  return { parent, name, depth: parent.depth + 1 };
}

/** `spec.containers[0].image`; `object` for the whole of it. */
function pathText(path: Path): string {
  const names: string[] = [];
  for (let at: Path | undefined = path; at !== undefined; at = at.parent) if (at.name !== '') names.unshift(at.name);
  return names.length === 0 ? 'object' : names.join('.').replaceAll('.[', '[');
}

export function misfit(path: Path, what: string): ProtobufError {
  return new ProtobufError(`${pathText(path)}: ${what}`);
}

export function expectObject(value: unknown, path: Path): Record<string, unknown> {
  if (!isFields(value)) throw misfit(path, 'is no object');
  return value;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

export function expectArray(value: unknown, path: Path): readonly unknown[] {
  if (!Array.isArray(value)) throw misfit(path, 'is no list');
  return value;
}

export function expectString(value: unknown, path: Path): string {
  if (typeof value !== 'string') throw misfit(path, 'is no string');
  return value;
}

export function expectBoolean(value: unknown, path: Path): boolean {
  if (typeof value !== 'boolean') throw misfit(path, 'is no boolean');
  return value;
}

export function expectNumber(value: unknown, path: Path): number {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number') throw misfit(path, 'is no number');
  return value;
}

/** A whole number that fits the Go type. */
export function expectInteger(value: unknown, kind: string, path: Path): number | bigint {
  const isInteger = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
  if (!isInteger) throw misfit(path, 'is no integer');
  const bits = kind.endsWith('32') ? 32 : 64;
  const exact = BigInt(value);
  const fits = kind.startsWith('u') ? BigInt.asUintN(bits, exact) : BigInt.asIntN(bits, exact);
  if (fits !== exact) throw misfit(path, `${exact} does not fit into ${kind}`);
  return value;
}

export function expectBase64(value: unknown, path: Path): Buffer {
  const text = expectString(value, path);
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replace(/[\r\n]/g, ''))) {
    throw misfit(path, 'is no base64');
  }
  return Buffer.from(text, 'base64');
}

/** A quantity's canonical text; JSON may have it as a number. */
export function expectQuantity(value: unknown, path: Path): string {
  try {
    return canonicalQuantity(
      typeof value === 'number' || typeof value === 'bigint' ? `${value}` : expectString(value, path),
    );
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    throw misfit(path, error.message);
  }
}
