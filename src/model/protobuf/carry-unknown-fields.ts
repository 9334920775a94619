import { decodeEnvelope } from './envelope.ts';
import { envelopeShape, type FieldPart, type FieldShape } from './field-shape.ts';
import { knownType } from './known-type.ts';
import { messagePlan } from './message-plan.ts';
import { ProtobufError } from './protobuf-error.ts';
import { WIRE_BYTES } from './protobuf-reader.ts';
import { type RawField, readRawFields, writeRawFields } from './raw-fields.ts';

const MAGIC_LENGTH = 4;

/**
 * The bytes of a changed object with what its stored bytes hold beside the fields that are known here, each in the message
 * that it was in. Messages are the same by their path, items of a list by its merge keys or, without any, by being equal;
 * what was in a message that the change took out is gone with it. Without a change these are the stored bytes. Throws
 * ProtobufError, with the path, where it cannot be told what an unknown field belongs to now.
 */
export function carryUnknownFields(stored: Buffer, changed: Buffer): Buffer {
  const before = decodeEnvelope(stored);
  const after = decodeEnvelope(changed);
  if (before.apiVersion !== after.apiVersion || before.kind !== after.kind) {
    throw new ProtobufError(
      `it is stored as ${before.kind} of ${before.apiVersion} and would be written as ${after.kind} of ${after.apiVersion}`,
    );
  }
  const shape = envelopeShape(messagePlan(knownType(after.apiVersion, after.kind)));
  const fresh = changed.subarray(MAGIC_LENGTH);
  const carried = carry(shape, { old: stored.subarray(MAGIC_LENGTH), fresh, path: [] });
  if (!known(shape, carried).equals(fresh)) throw new ProtobufError('the unknown fields would change the known ones');
  return Buffer.concat([changed.subarray(0, MAGIC_LENGTH), carried]);
}

/** A message before and after a change. */
interface Changed {
  readonly old: Buffer;
  /** Has known fields only. */
  readonly fresh: Buffer;
  readonly path: readonly string[];
}

/** A field before and after a change: its items, or the one that it has. */
interface ChangedField {
  readonly old: readonly Buffer[];
  readonly fresh: readonly Buffer[];
  readonly path: readonly string[];
}

function carry(shape: FieldShape, { old, fresh, path }: Changed): Buffer {
  const plain = known(shape, old);
  if (plain.equals(fresh)) return old;
  if (plain.equals(old)) return fresh;
  if (shape.whole) throw misplaced(path, 'the value has fields that are not known here, and it changed');
  const before = readRawFields(old);
  const after = readRawFields(fresh);
  const oldItems = byNumber(before);
  const carried = new Map<number, Buffer[]>();
  for (const [number, items] of byNumber(after)) {
    const part = shape.part(number);
    if (part?.shape === undefined) continue;
    const field = {
      old: oldItems.get(number) ?? [],
      fresh: items,
      path: part.name === '' ? path : [...path, part.name],
    };
    carried.set(number, carryField(part, part.shape, field));
  }
  const fields = after.map((field) => ({ ...field, content: carried.get(field.number)?.shift() ?? field.content }));
  return writeRawFields(placed(shape, before, fields));
}

/** The fields with the unknown ones among them, each behind the known field that it was behind. */
function placed(shape: FieldShape, before: readonly RawField[], fields: readonly RawField[]): RawField[] {
  const unknown: { readonly behind: number; readonly field: RawField }[] = [];
  let behind = 0;
  for (const field of before) {
    if (shape.part(field.number) === undefined) unknown.push({ behind, field });
    else behind = Math.max(behind, field.number);
  }
  const all: RawField[] = [];
  let next = 0;
  for (const field of fields) {
    for (let each = unknown[next]; each !== undefined && each.behind < field.number; each = unknown[++next]) {
      all.push(each.field);
    }
    all.push(field);
  }
  return [...all, ...unknown.slice(next).map(({ field }) => field)];
}

function carryField(part: FieldPart, shape: FieldShape, field: ChangedField): Buffer[] {
  const { old, fresh, path } = field;
  const plain = old.map((each) => known(shape, each));
  if (old.every((each, at) => plain[at]?.equals(each))) return [...fresh];
  if (!part.repeated) {
    const [one, ...more] = old;
    const [next] = fresh;
    if (more.length > 0 || one === undefined || next === undefined) throw misplaced(path, 'it is there more than once');
    return [carry(shape, { old: one, fresh: next, path })];
  }
  const matching = matchEqual(field, plain);
  const left = [...matching.left].filter((at) => !plain[at]?.equals(old[at] ?? Buffer.alloc(0)));
  for (const at of left) {
    const item = old[at];
    if (item === undefined) continue;
    const match = matchByKey(part, field, { at, ...matching });
    if (match === undefined) continue;
    matching.result[match] = carry(shape, {
      old: item,
      fresh: fresh[match] ?? Buffer.alloc(0),
      path: [...path, `[${match}]`],
    });
  }
  return matching.result;
}

interface Matching {
  /** The items after the change, those that did not change as they were. */
  readonly result: Buffer[];
  /** The places of old items that are not among the new ones as they were. */
  readonly left: ReadonlySet<number>;
  /** The places of new items that were not among the old ones. */
  readonly added: ReadonlySet<number>;
}

/** Finds the items that are there before and after, wherever they stand. */
function matchEqual({ old, fresh, path }: ChangedField, plain: readonly Buffer[]): Matching {
  const places = grouped(plain.map((each) => each.toString('latin1')));
  const now = grouped(fresh.map((each) => each.toString('latin1')));
  const left = new Set(old.keys());
  const added = new Set(fresh.keys());
  const result = [...fresh];
  for (const [text, before] of places) {
    const after = now.get(text) ?? [];
    const alike = new Set(before.map((at) => old[at]?.toString('latin1'))).size === 1;
    if (!alike && after.length > 0 && after.length !== before.length) {
      throw misplaced(path, 'items differ only in fields that are not known here, and some of them are taken out');
    }
    for (const [index, place] of after.entries()) {
      const from = before[index];
      const item = from === undefined ? undefined : old[from];
      if (from === undefined || item === undefined) break;
      result[place] = item;
      left.delete(from);
      added.delete(place);
    }
  }
  return { result, left, added };
}

/** Where the item is that an old one with unknown fields became; undefined when it was taken out. */
function matchByKey(
  { keys, name }: FieldPart,
  { old, fresh, path }: ChangedField,
  { at, left, added }: Matching & { readonly at: number },
): number | undefined {
  if (added.size === 0) return undefined;
  if (keys.length === 0) {
    throw misplaced(
      path,
      `an item of ${name} has fields that are not known here, and nothing tells which item it is now`,
    );
  }
  const key = keyOf(old[at] ?? Buffer.alloc(0), keys);
  const candidates = [...added].filter((place) => keyOf(fresh[place] ?? Buffer.alloc(0), keys) === key);
  const rivals = [...left].filter((place) => keyOf(old[place] ?? Buffer.alloc(0), keys) === key);
  if (candidates.length > 1 || (candidates.length === 1 && rivals.length > 1)) {
    throw misplaced(path, 'several items have the same key, and one of them has fields that are not known here');
  }
  return candidates[0];
}

function keyOf(item: Buffer, keys: readonly number[]): string {
  const fields = readRawFields(item);
  return JSON.stringify(keys.map((key) => fields.findLast(({ number }) => number === key)?.content.toString('latin1')));
}

/** The message without what is not known of it, at any depth. */
function known(shape: FieldShape, message: Buffer): Buffer {
  let same = true;
  const fields: RawField[] = [];
  for (const field of readRawFields(message)) {
    const part = shape.part(field.number);
    if (part === undefined) {
      same = false;
      continue;
    }
    const content =
      part.shape === undefined || field.wireType !== WIRE_BYTES ? field.content : known(part.shape, field.content);
    if (content !== field.content) same = false;
    fields.push({ ...field, content });
  }
  return same ? message : writeRawFields(fields);
}

function byNumber(fields: readonly RawField[]): Map<number, Buffer[]> {
  const groups = new Map<number, Buffer[]>();
  for (const { number, content } of fields) {
    const group = groups.get(number);
    if (group === undefined) groups.set(number, [content]);
    else group.push(content);
  }
  return groups;
}

/** The places of each text. */
function grouped(texts: readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [at, text] of texts.entries()) {
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [at]);
    else group.push(at);
  }
  return groups;
}

function misplaced(path: readonly string[], why: string): ProtobufError {
  return new ProtobufError(`${path.join('.').replaceAll('.[', '[')}: ${why}`);
}
