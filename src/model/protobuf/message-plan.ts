import type { FieldSchema, ScalarKind, TypeSchema, ValueSchema } from '../schema/type-schema.ts';
import { WIRE_BYTES, WIRE_FIXED64, WIRE_VARINT } from './protobuf-reader.ts';

const VARINT_KINDS: readonly string[] = ['int32', 'int64', 'uint32', 'uint64', 'bool'] satisfies ScalarKind[];
/** Kinds that Go's JSON leaves out when they are zero and the field says omitempty. */
const OMITTED_KINDS: readonly string[] = ['string', 'double', ...VARINT_KINDS] satisfies string[];
const NULL_KINDS: readonly string[] = ['RawExtension', 'FieldsV1', 'JSON', 'Any'] satisfies ScalarKind[];

/** What stands in JSON for a field that the bytes do not have. */
export type Absent = 'omitted' | 'null' | 'zero';

/** How a value is read and written. */
export class ValuePlan {
  /** A kind of ValueSchema; readers and writers each know some and leave the rest to others. */
  readonly kind: string;
  readonly pointer: boolean;
  readonly wireType: number;
  /** Of a list that is stored as a message with repeated items. */
  readonly wrapped: boolean;
  readonly element: ValuePlan | undefined;
  readonly #type: TypeSchema | undefined;
  #message: MessagePlan | undefined;

  constructor(schema: ValueSchema) {
    this.kind = schema.kind;
    this.pointer = schema.pointer;
    this.wrapped = schema.kind === 'list' && schema.wrapped;
    this.element = 'element' in schema ? new ValuePlan(schema.element) : undefined;
    this.#type = 'message' in schema ? schema.message : undefined;
    this.wireType = WIRE_BYTES;
    if (VARINT_KINDS.includes(schema.kind)) this.wireType = WIRE_VARINT;
    if (schema.kind === 'double') this.wireType = WIRE_FIXED64;
  }

  /** The plan of the message that the value is, or holds (the JSONSchemaPropsOr… kinds). */
  get message(): MessagePlan {
    if (this.#message === undefined) {
      if (this.#type === undefined) throw new TypeError(`a ${this.kind} is no message`);
      this.#message = messagePlan(this.#type);
    }
    return this.#message;
  }
}

/** How a field is read and written. */
export class FieldPlan {
  /** '' for an inlined struct. */
  readonly name: string;
  /** The place among the fields of the message, in Go order. */
  readonly index: number;
  readonly number: number;
  readonly value: ValuePlan;
  readonly absent: Absent;
  /** Whether JSON leaves out a value that is there and zero. */
  readonly omitsZero: boolean;
  /** JSON names of the fields that tell the items of a list apart; empty where none do. */
  readonly mergeKeys: readonly string[];

  constructor(schema: FieldSchema, index: number) {
    this.name = schema.name;
    this.index = index;
    this.number = schema.number;
    this.value = new ValuePlan(schema.value);
    const { kind, pointer } = schema.value;
    this.absent = absentIn(schema);
    const { listMapKeys, patchMergeKey } = schema;
    this.mergeKeys = listMapKeys.length > 0 || patchMergeKey === undefined ? listMapKeys : [patchMergeKey];
    this.omitsZero = schema.omitEmpty && !pointer && (OMITTED_KINDS.includes(kind) || kind === 'bytes');
  }
}

function absentIn({ value: { kind, pointer }, omitEmpty, omitZero }: FieldSchema): Absent {
  if (pointer || kind === 'list' || kind === 'map' || kind === 'bytes') return omitEmpty ? 'omitted' : 'null';
  if (kind === 'Time' || kind === 'MicroTime' || NULL_KINDS.includes(kind)) return omitZero ? 'omitted' : 'null';
  return omitEmpty && OMITTED_KINDS.includes(kind) ? 'omitted' : 'zero';
}

/** How the messages of a type are read and written; made at the first use of the type. */
export class MessagePlan {
  readonly type: TypeSchema;
  readonly fields: readonly FieldPlan[];
  /** Sparse, by field number. */
  readonly byNumber: readonly (FieldPlan | undefined)[];
  /** The stored fields, greatest number first: messages are written from their end. */
  readonly descending: readonly FieldPlan[];

  constructor(type: TypeSchema) {
    this.type = type;
    this.fields = type.fields.map((field, index) => new FieldPlan(field, index));
    const stored = this.fields.filter((field) => field.number > 0);
    const byNumber: (FieldPlan | undefined)[] = [];
    for (const field of stored) byNumber[field.number] = field;
    this.byNumber = byNumber;
    this.descending = stored.sort((a, b) => b.number - a.number);
  }
}

// Plans by type, each made once: they say nothing that the type does not.
const PLANS = new WeakMap<TypeSchema, MessagePlan>();

export function messagePlan(type: TypeSchema): MessagePlan {
  let plan = PLANS.get(type);
  if (plan === undefined) {
    plan = new MessagePlan(type);
    PLANS.set(type, plan);
  }
  return plan;
}
