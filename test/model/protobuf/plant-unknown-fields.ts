import fc from 'fast-check';
import { decodeEnvelope } from '../../../src/model/protobuf/envelope.ts';
import { type MessagePlan, messagePlan, type ValuePlan } from '../../../src/model/protobuf/message-plan.ts';
import { readRawFields, type RawField, writeRawFields } from '../../../src/model/protobuf/raw-fields.ts';
import { typeForKind } from '../../../src/model/schema/schema.ts';

/** A message in a stored object: which field of which number, from the envelope on. */
type Place = readonly { readonly number: number; readonly nth: number }[];

/** An unknown field somewhere; what is chosen by chance is a number, taken modulo what there is. */
export interface Plant {
  readonly place: number;
  readonly behind: number;
  readonly field: RawField;
}

/** A field as a newer Kubernetes could write it, of any wire type, in any message. */
const plant: fc.Arbitrary<Plant> = fc
  .record({
    place: fc.nat(),
    behind: fc.nat(),
    number: fc.integer({ min: 1000, max: 100_000 }),
    content: fc.oneof(
      fc.uint8Array({ maxLength: 20 }).map((bytes) => ({ wireType: 2, content: Buffer.from(bytes) })),
      fc.nat(127).map((value) => ({ wireType: 0, content: Buffer.from([value]) })),
      fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => ({ wireType: 1, content: Buffer.from(bytes) })),
      fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => ({ wireType: 5, content: Buffer.from(bytes) })),
    ),
  })
  .map(({ place, behind, number, content }) => ({ place, behind, field: { number, ...content } }));

export const plants = fc.array(plant, { minLength: 1, maxLength: 12 });

const MAGIC = 4;
const WHOLE = ['Quantity', 'Time', 'MicroTime', 'Duration', 'IntOrString', 'RawExtension', 'FieldsV1'];

/** The stored object with unknown fields at the places that `like`, a stored object of the same form, has by these numbers. */
export function withPlants(stored: Buffer, all: readonly Plant[], like = stored): Buffer {
  const places = placesIn(like);
  let body = stored.subarray(MAGIC);
  for (const { place, behind, field } of all) {
    const at = places[place % places.length];
    if (at !== undefined) body = planted(body, at, { behind, field });
  }
  return Buffer.concat([stored.subarray(0, MAGIC), body]);
}

/** The unknown fields at any depth: with the path that leads to each, sorted. */
export function plantsIn(stored: Buffer): string[] {
  const found: string[] = [];
  const look = (message: Buffer, place: Place, plan: Level): void => {
    for (const { number, wireType, content } of readRawFields(message)) {
      if (number >= 1000) found.push(`${JSON.stringify(place)} ${number} ${wireType} ${content.toString('hex')}`);
    }
    for (const { step, content, level } of below(message, plan)) look(content, [...place, step], level);
  };
  look(stored.subarray(MAGIC), [], envelope(stored));
  return found.sort();
}

type Level = (number: number) => Level | undefined;

function envelope(stored: Buffer): Level {
  const { apiVersion, kind } = decodeEnvelope(stored);
  const type = typeForKind(apiVersion, kind);
  if (type === undefined) throw new Error(`no kind ${kind}`);
  return (number) => (number === 2 ? messageLevel(messagePlan(type)) : undefined);
}

function messageLevel(plan: MessagePlan): Level {
  return (number) => {
    const value = plan.byNumber[number]?.value;
    if (value === undefined) return undefined;
    const { element } = value;
    if (element !== undefined && value.kind === 'map') return (at) => (at === 2 ? levelOf(element) : undefined);
    return levelOf(element !== undefined && !value.wrapped ? element : value);
  };
}

function levelOf(value: ValuePlan): Level | undefined {
  if (value.kind === 'message') return messageLevel(value.message);
  return WHOLE.includes(value.kind) ? () => undefined : undefined;
}

function* below(message: Buffer, level: Level): Generator<{ step: Place[number]; content: Buffer; level: Level }> {
  const seen = new Map<number, number>();
  for (const { number, content } of readRawFields(message)) {
    const nth = seen.get(number) ?? 0;
    seen.set(number, nth + 1);
    const next = level(number);
    // An empty message is Go's zero time, and one with anything in it is 1970.
    if (next !== undefined && content.length > 0) yield { step: { number, nth }, content, level: next };
  }
}

function placesIn(stored: Buffer): Place[] {
  const places: Place[] = [];
  const look = (message: Buffer, place: Place, plan: Level): void => {
    places.push(place);
    for (const { step, content, level } of below(message, plan)) look(content, [...place, step], level);
  };
  look(stored.subarray(MAGIC), [], envelope(stored));
  return places;
}

function planted(message: Buffer, place: Place, { behind, field }: Omit<Plant, 'place'>): Buffer {
  const [next, ...rest] = place;
  const fields = readRawFields(message);
  if (next !== undefined) {
    let nth = -1;
    const changed = fields.map((each) => {
      if (each.number !== next.number || ++nth !== next.nth) return each;
      return { ...each, content: planted(each.content, rest, { behind, field }) };
    });
    return writeRawFields(changed);
  }
  const numbers = [0, ...new Set(fields.map(({ number }) => number).filter((number) => number < 1000))];
  const after = fields.findLastIndex(({ number }) => number === numbers[behind % numbers.length]);
  return writeRawFields([...fields.slice(0, after + 1), field, ...fields.slice(after + 1)]);
}
