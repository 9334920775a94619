import type { FieldPlan, MessagePlan, ValuePlan } from './message-plan.ts';
import { ProtobufError } from './protobuf-error.ts';

/** Which fields of a message are known, and what stands in them. */
export interface FieldShape {
  /** The message is one value, as a quantity or a time is: what it holds beside its fields belongs to that value alone. */
  readonly whole: boolean;
  /** Undefined for a field that is not known. */
  part(number: number): FieldPart | undefined;
}

/** What stands in a field. */
export interface FieldPart {
  /** As in JSON; '' where JSON has no name for it. */
  readonly name: string;
  /** Of the message in it; undefined for scalars. */
  readonly shape: FieldShape | undefined;
  readonly repeated: boolean;
  /** Fields of an item that tell which item it is; empty where nothing tells. */
  readonly keys: readonly number[];
}

const LEAF: FieldPart = { name: '', shape: undefined, repeated: false, keys: [] };
/** What identifies an entry of managedFields, which is a list without keys to the tables. */
const MANAGER_KEYS: readonly string[] = ['manager', 'operation', 'apiVersion', 'subresource'];
/** How many fields messages with a JSON form of their own have. */
const WHOLE_FIELDS: ReadonlyMap<string, number> = new Map([
  ['Time', 2],
  ['MicroTime', 2],
  ['Duration', 1],
  ['Quantity', 1],
  ['IntOrString', 3],
  ['RawExtension', 1],
  ['FieldsV1', 1],
  ['JSON', 1],
]);

/** The shape of the envelope around an object's message. */
export function envelopeShape(plan: MessagePlan): FieldShape {
  const typeMeta = wholeShape(2, () => LEAF);
  const parts: readonly (FieldPart | undefined)[] = [
    undefined,
    { ...LEAF, name: 'kind', shape: typeMeta },
    { ...LEAF, shape: messageShape(plan) },
    LEAF,
    LEAF,
  ];
  return { whole: false, part: (number) => parts[number] };
}

function messageShape(plan: MessagePlan): FieldShape {
  return {
    whole: false,
    part(number) {
      const field = plan.byNumber[number];
      return field === undefined ? undefined : partOf(field);
    },
  };
}

function partOf(field: FieldPlan): FieldPart {
  const { name, value } = field;
  const { element } = value;
  if (element !== undefined && value.kind === 'map') {
    const entry: readonly (FieldPart | undefined)[] = [undefined, LEAF, { ...LEAF, shape: shapeOf(element) }];
    return { name, shape: { whole: false, part: (number) => entry[number] }, repeated: true, keys: [1] };
  }
  if (element !== undefined && !value.wrapped) {
    return { name, shape: shapeOf(element), repeated: true, keys: keysOf(field, element) };
  }
  return { ...LEAF, name, shape: shapeOf(value) };
}

function keysOf({ mergeKeys }: FieldPlan, element: ValuePlan): readonly number[] {
  if (element.kind !== 'message') return [];
  const { type, fields } = element.message;
  const names = type.name === 'meta.v1.ManagedFieldsEntry' ? MANAGER_KEYS : mergeKeys;
  return fields.filter(({ name }) => names.includes(name)).map(({ number }) => number);
}

/** Undefined for scalars. Throws ProtobufError for what is never stored as protobuf. */
function shapeOf(plan: ValuePlan): FieldShape | undefined {
  if (plan.kind === 'message') return messageShape(plan.message);
  const known = WHOLE_FIELDS.get(plan.kind);
  if (known !== undefined) return wholeShape(known, () => LEAF);
  const { element } = plan;
  if (element !== undefined) return wholeShape(1, () => ({ ...LEAF, repeated: true, shape: shapeOf(element) }));
  if (plan.kind.startsWith('JSONSchema')) throw new ProtobufError(`a ${plan.kind} is never stored as protobuf`);
  return undefined;
}

function wholeShape(fields: number, part: () => FieldPart): FieldShape {
  return { whole: true, part: (number) => (number <= fields ? part() : undefined) };
}
