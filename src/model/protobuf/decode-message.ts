import { RawJson } from '../raw-json.ts';
import { formatDuration } from './go-duration.ts';
import type { FieldPlan, MessagePlan, ValuePlan } from './message-plan.ts';
import { ProtobufError } from './protobuf-error.ts';
import { type ProtobufReader, WIRE_BYTES } from './protobuf-reader.ts';
import { readTimestamp } from './timestamp.ts';

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/**
 * Reads the fields of the message that the reader is in, up to its end; an object with its fields in Go order, behind those
 * that `object` has.
 */
export function decodeMessage(reader: ProtobufReader, plan: MessagePlan, object: Fields = {}): Fields {
  const values: unknown[] = [];
  while (reader.more) {
    const tag = reader.tag();
    const field = plan.byNumber[tag >>> 3];
    if (field === undefined) reader.skipUnknown(plan.type.name, tag);
    else readField(reader, field, tag & 7, values);
  }
  return toJson(plan, values, object);
}

function readField(reader: ProtobufReader, field: FieldPlan, wireType: number, values: unknown[]): void {
  const { value, index } = field;
  if (value.kind === 'list' && !value.wrapped && value.element !== undefined) {
    const items: unknown = values[index];
    values[index] = readItem(reader, value.element, wireType, Array.isArray(items) ? items : []);
    return;
  }
  if (wireType !== value.wireType) throw wrongWireType(field.name, wireType);
  if (value.kind === 'map' && value.element !== undefined) {
    const map = values[index];
    values[index] = readEntry(reader, value.element, isFields(map) ? map : {});
  } else {
    values[index] = decodeValue(reader, value);
  }
}

function wrongWireType(name: string, wireType: number): ProtobufError {
  return new ProtobufError(`field ${name} has the wrong wire type ${wireType}`);
}

/** One item of a repeated field, or all of them when they are packed. */
function readItem(reader: ProtobufReader, element: ValuePlan, wireType: number, items: unknown[]): unknown[] {
  if (wireType === element.wireType) {
    items.push(decodeValue(reader, element));
    return items;
  }
  if (wireType !== WIRE_BYTES) throw wrongWireType('of a list', wireType);
  const outer = reader.enter();
  while (reader.more) items.push(decodeValue(reader, element));
  reader.leave(outer);
  return items;
}

function readEntry(reader: ProtobufReader, element: ValuePlan, map: Fields): Fields {
  const outer = reader.enter();
  let key = '';
  let value: unknown;
  while (reader.more) {
    const tag = reader.tag();
    if (tag === 10) key = reader.string();
    else if (tag === 16 + element.wireType) value = decodeValue(reader, element);
    else reader.skipUnknown('map entry', tag);
  }
  reader.leave(outer);
  // Go leaves a nil slice of bytes out of the entry.
  setField(map, key, value ?? (element.kind === 'bytes' ? '' : zeroValue(element)));
  return map;
}

function setField(target: Fields, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

/** A value after its tag. */
function decodeValue(reader: ProtobufReader, plan: ValuePlan): unknown {
  switch (plan.kind) {
    case 'string':
      return reader.string();
    case 'message':
      return nested(reader, plan.message);
    case 'bool':
      return reader.varint() !== 0;
    case 'int32':
      return reader.int32();
    case 'int64':
      return reader.int64();
    case 'Time':
    case 'MicroTime':
      return readTimestamp(reader, plan.kind);
    case 'bytes':
      return reader.slice().toString('base64');
    case 'uint32':
      return reader.uint32();
    case 'uint64':
      return reader.uint64();
    case 'double':
      return reader.double();
    default:
      return decodeSpecial(reader, plan);
  }
}

function nested(reader: ProtobufReader, plan: MessagePlan): Fields {
  const outer = reader.enter();
  const object = decodeMessage(reader, plan);
  reader.leave(outer);
  return object;
}

/** The message of a kind with a JSON form of its own. */
function decodeSpecial(reader: ProtobufReader, plan: ValuePlan): unknown {
  const outer = reader.enter();
  const value = specialValue(reader, plan);
  reader.leave(outer);
  return value;
}

function specialValue(reader: ProtobufReader, plan: ValuePlan): unknown {
  switch (plan.kind) {
    case 'list':
      return wrappedItems(reader, plan);
    case 'Quantity':
      return single(reader, plan.kind, 10, () => reader.string()) ?? '0';
    case 'Duration':
      return formatDuration(single(reader, plan.kind, 8, () => reader.int64()) ?? 0);
    case 'IntOrString':
      return intOrString(reader);
    case 'RawExtension':
    case 'FieldsV1':
    case 'JSON':
      return single(reader, plan.kind, 10, () => new RawJson(reader.slice())) ?? null;
    case 'JSONSchemaPropsOrArray':
    case 'JSONSchemaPropsOrBool':
    case 'JSONSchemaPropsOrStringArray':
      return schemaOr(reader, plan);
    default:
      throw new ProtobufError(`a ${plan.kind} is never stored as protobuf`);
  }
}

/** The one field of a message. */
function single<T>(reader: ProtobufReader, type: string, expected: number, read: () => T): T | undefined {
  let value: T | undefined;
  while (reader.more) {
    const tag = reader.tag();
    if (tag === expected) value = read();
    else reader.skipUnknown(type, tag);
  }
  return value;
}

function wrappedItems(reader: ProtobufReader, plan: ValuePlan): unknown[] {
  const items: unknown[] = [];
  while (reader.more) {
    const tag = reader.tag();
    if (tag >>> 3 === 1 && plan.element !== undefined) readItem(reader, plan.element, tag & 7, items);
    else reader.skipUnknown('list', tag);
  }
  return items;
}

function intOrString(reader: ProtobufReader): string | number {
  let isString = false;
  let number = 0;
  let text = '';
  while (reader.more) {
    const tag = reader.tag();
    if (tag === 8) isString = reader.varint() === 1;
    else if (tag === 16) number = reader.int32();
    else if (tag === 26) text = reader.string();
    else reader.skipUnknown('IntOrString', tag);
  }
  return isString ? text : number;
}

/** A JSON schema, or what may stand in its place: several, a boolean, or names of properties. */
function schemaOr(reader: ProtobufReader, plan: ValuePlan): unknown {
  let one: unknown;
  let many: unknown[] | undefined;
  let allows = false;
  const isBool = plan.kind === 'JSONSchemaPropsOrBool';
  while (reader.more) {
    const tag = reader.tag();
    if (tag === 8 && isBool) allows = reader.varint() !== 0;
    else if (tag === (isBool ? 18 : 10)) one = nested(reader, plan.message);
    else if (tag === 18 && plan.kind === 'JSONSchemaPropsOrArray') (many ??= []).push(nested(reader, plan.message));
    else if (tag === 18) (many ??= []).push(reader.string());
    else reader.skipUnknown(plan.kind, tag);
  }
  return many ?? one ?? (isBool ? allows : null);
}

function toJson(plan: MessagePlan, values: readonly unknown[], object: Fields = {}): Fields {
  for (const field of plan.fields) {
    const value = values[field.index];
    if (field.name === '') {
      const inlined = value ?? (field.value.pointer ? undefined : zeroValue(field.value));
      Object.assign(object, inlined);
    } else if (value === undefined || value === null) {
      if (field.absent !== 'omitted') object[field.name] = field.absent === 'null' ? null : zeroValue(field.value);
    } else if (!field.omitsZero || (value !== '' && value !== 0 && value !== false)) {
      object[field.name] = value;
    }
  }
  return object;
}

/** The JSON of Go's zero value. */
function zeroValue(plan: ValuePlan): unknown {
  if (plan.pointer) return null;
  switch (plan.kind) {
    case 'string':
      return '';
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64':
    case 'double':
    case 'IntOrString':
      return 0;
    case 'bool':
      return false;
    case 'Quantity':
      return '0';
    case 'Duration':
      return '0s';
    case 'message':
      return toJson(plan.message, []);
    default:
      return null;
  }
}
