import { RawJson } from '../raw-json.ts';
import { wireJsonText } from '../wire-json.ts';
import {
  childPath,
  expectArray,
  expectBase64,
  expectBoolean,
  expectInteger,
  expectNumber,
  expectObject,
  expectQuantity,
  expectString,
  misfit,
  type Path,
} from './expect-value.ts';
import { parseDuration } from './go-duration.ts';
import type { FieldPlan, MessagePlan, ValuePlan } from './message-plan.ts';
import { ProtobufError } from './protobuf-error.ts';
import { WIRE_BYTES, WIRE_VARINT } from './protobuf-reader.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';
import { writeTimestamp } from './timestamp.ts';

type Fields = Record<string, unknown>;

const MAX_DEPTH = 500;

/** Writes the fields of a message. Throws ProtobufError, with the field's path, when the object does not fit the type. */
export function encodeMessage(writer: ProtobufWriter, plan: MessagePlan, object: unknown): void {
  new MessageEncoder(writer).message(plan, object, { parent: undefined, name: '', depth: 0 });
}

class MessageEncoder {
  readonly #writer: ProtobufWriter;

  constructor(writer: ProtobufWriter) {
    this.#writer = writer;
  }

  message(plan: MessagePlan, object: unknown, path: Path): void {
    const fields = expectObject(object ?? {}, path);
    for (const key of Object.keys(fields)) {
      if (fields[key] !== undefined && !isStored(plan, key)) {
        throw misfit(childPath(path, key), `${plan.type.name} stores no such field`);
      }
    }
    this.#fields(plan, fields, path);
  }

  #fields(plan: MessagePlan, object: Fields, path: Path): void {
    for (const field of plan.descending) {
      if (field.name === '') this.#inlined(field, object, path);
      else this.#field(field, object[field.name], path);
    }
  }

  /** A struct whose fields stand among its parent's in JSON, and in a message of their own in protobuf. */
  #inlined(field: FieldPlan, object: Fields, path: Path): void {
    const { message, pointer } = field.value;
    if (pointer && !hasAny(message, object)) return;
    const mark = this.#writer.size;
    this.#fields(message, object, path);
    this.#close(field.number, mark);
  }

  #field(field: FieldPlan, value: unknown, parent: Path): void {
    const plan = field.value;
    const absent = value === undefined || value === null;
    if (absent && (plan.pointer || plan.kind === 'list' || plan.kind === 'map' || plan.kind === 'bytes')) return;
    const path = childPath(parent, field.name);
    if (path.depth > MAX_DEPTH) throw new ProtobufError(`objects are nested more than ${MAX_DEPTH} deep`);
    if (plan.kind === 'list' && !plan.wrapped) this.#list(plan, value, field.number, path);
    else if (plan.kind === 'map') this.#map(plan, value, field.number, path);
    else this.#value(plan, value, field.number, path);
  }

  #list({ element }: ValuePlan, value: unknown, number: number, path: Path): void {
    const items = expectArray(value, path);
    for (let at = items.length - 1; at >= 0; at--) {
      if (element !== undefined) this.#value(element, items[at], number, childPath(path, `[${at}]`));
    }
  }

  #map({ element }: ValuePlan, value: unknown, number: number, path: Path): void {
    const map = expectObject(value, path);
    for (const key of Object.keys(map).sort(byBytesDescending)) {
      const mark = this.#writer.size;
      const entry = map[key];
      if (entry === undefined || element === undefined) continue;
      if (element.kind !== 'bytes' || entry !== null) {
        this.#value(element, entry, 2, childPath(path, key));
      }
      this.#writer.string(key);
      this.#writer.tag(1, WIRE_BYTES);
      this.#close(number, mark);
    }
  }

  /** Ends a message that started (was written last) at a mark. */
  #close(number: number, mark: number): void {
    this.#writer.varint(this.#writer.size - mark);
    this.#writer.tag(number, WIRE_BYTES);
  }

  /** A value, then its tag before it. Null and undefined are Go's zero value. */
  #value(plan: ValuePlan, value: unknown, number: number, path: Path): void {
    if (plan.wireType === WIRE_VARINT) this.#varint(plan.kind, value, path);
    else if (plan.kind === 'string') this.#writer.string(expectString(value ?? '', path));
    else if (plan.kind === 'double') this.#writer.double(expectNumber(value ?? 0, path));
    else if (plan.kind === 'bytes') this.#writer.bytes(expectBase64(value ?? '', path));
    else this.#nested(plan, value, path);
    this.#writer.tag(number, plan.wireType);
  }

  #varint(kind: string, value: unknown, path: Path): void {
    if (kind === 'bool') this.#writer.varint(expectBoolean(value ?? false, path) ? 1 : 0);
    else this.#writer.int64(expectInteger(value ?? 0, kind, path));
  }

  #nested(plan: ValuePlan, value: unknown, path: Path): void {
    const mark = this.#writer.size;
    switch (plan.kind) {
      case 'message':
        this.message(plan.message, value, path);
        break;
      case 'Time':
      case 'MicroTime':
        writeTimestamp(
          this.#writer,
          value === null || value === undefined ? null : expectString(value, path),
          plan.kind,
        );
        return;
      case 'list':
        this.#list(plan, value ?? [], 1, path);
        break;
      case 'RawExtension':
      case 'FieldsV1':
      case 'JSON':
        this.#json(value);
        break;
      case 'JSONSchemaPropsOrArray':
      case 'JSONSchemaPropsOrBool':
      case 'JSONSchemaPropsOrStringArray':
        this.#schemaOr(plan, value, path);
        break;
      default:
        this.#special(plan.kind, value, path);
    }
    this.#writer.varint(this.#writer.size - mark);
  }

  #special(kind: string, value: unknown, path: Path): void {
    const writer = this.#writer;
    if (kind === 'Quantity') {
      writer.string(expectQuantity(value ?? '0', path));
      writer.tag(1, WIRE_BYTES);
    } else if (kind === 'Duration') {
      writer.int64(value === undefined || value === null ? 0 : parseDuration(expectString(value, path)));
      writer.tag(1, WIRE_VARINT);
    } else if (kind === 'IntOrString') {
      const isString = typeof value === 'string';
      writer.string(isString ? value : '');
      writer.tag(3, WIRE_BYTES);
      writer.int64(isString ? 0 : expectInteger(value ?? 0, 'int32', path));
      writer.tag(2, WIRE_VARINT);
      writer.varint(isString ? 1 : 0);
      writer.tag(1, WIRE_VARINT);
    } else {
      throw misfit(path, `a ${kind} is never stored as protobuf`);
    }
  }

  #json(value: unknown): void {
    if (value === undefined || value === null) return;
    this.#writer.bytes(value instanceof RawJson ? value.bytes : Buffer.from(wireJsonText(value)));
    this.#writer.tag(1, WIRE_BYTES);
  }

  #schemaOr(plan: ValuePlan, value: unknown, path: Path): void {
    const writer = this.#writer;
    const isBool = plan.kind === 'JSONSchemaPropsOrBool';
    if (Array.isArray(value) && !isBool) {
      for (let at = value.length - 1; at >= 0; at--) {
        if (plan.kind === 'JSONSchemaPropsOrArray') this.#schema(plan, value[at], 2, childPath(path, `[${at}]`));
        else {
          writer.string(expectString(value[at], childPath(path, `[${at}]`)));
          writer.tag(2, WIRE_BYTES);
        }
      }
    } else if (typeof value !== 'boolean' && value !== undefined && value !== null) {
      this.#schema(plan, value, isBool ? 2 : 1, path);
    }
    if (isBool) {
      writer.varint(value === false ? 0 : 1);
      writer.tag(1, WIRE_VARINT);
    }
  }

  #schema(plan: ValuePlan, value: unknown, number: number, path: Path): void {
    const mark = this.#writer.size;
    this.message(plan.message, value, { ...path, depth: path.depth + 1 });
    this.#close(number, mark);
  }
}

/** Whether a JSON key is a field that protobuf has. The kind of an object below another is not stored, as in Go. */
function isStored(plan: MessagePlan, key: string): boolean {
  const field = plan.type.field(key);
  if (field !== undefined) return field.number > 0;
  return plan.type.isKind && (key === 'apiVersion' || key === 'kind');
}

function hasAny(plan: MessagePlan, object: Fields): boolean {
  return plan.fields.some((field) =>
    field.name === '' ? hasAny(field.value.message, object) : object[field.name] !== undefined,
  );
}

/** Greatest first, by UTF-8: JavaScript's order of UTF-16 differs for characters beyond U+D7FF. */
function byBytesDescending(a: string, b: string): number {
  if (/[\uD800-\uFFFF]/.test(a + b)) return Buffer.compare(Buffer.from(b), Buffer.from(a));
  if (a === b) return 0;
  return a < b ? 1 : -1;
}
