const MAGIC = 4;
const RAW = 2;

interface Field {
  readonly number: number;
  readonly wireType: number;
  /** Between the tag and the next field; of a message, without its length. */
  readonly content: Buffer;
}

/**
 * A stored object with one more field, number 1500, in the message that `path` leads to: field numbers from the object on
 * (1 is the metadata, 2 the spec), each time the first of that number.
 */
export function withUnknownField(stored: Buffer, path: readonly number[]): Buffer {
  return Buffer.concat([stored.subarray(0, MAGIC), added(stored.subarray(MAGIC), [RAW, ...path])]);
}

function added(message: Buffer, path: readonly number[]): Buffer {
  const [next, ...rest] = path;
  const fields = fieldsOf(message);
  if (next === undefined) {
    return Buffer.concat([message, written({ number: 1500, wireType: 2, content: Buffer.from('from the future') })]);
  }
  const at = fields.findIndex(({ number, wireType }) => number === next && wireType === 2);
  if (at < 0) throw new Error(`the message has no field ${next}`);
  return Buffer.concat(
    fields.map((field, index) => written(index === at ? { ...field, content: added(field.content, rest) } : field)),
  );
}

function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const wireType = tag % 8;
    let end: number;
    let start = at;
    if (wireType === 0) {
      varint();
      end = at;
    } else if (wireType === 1) {
      end = at + 8;
    } else {
      const length = varint();
      start = at;
      end = at + length;
    }
    fields.push({ number: Math.floor(tag / 8), wireType, content: message.subarray(start, end) });
    at = end;
  }
  return fields;
}

function written({ number, wireType, content }: Field): Buffer {
  const head = [varintOf(number * 8 + wireType)];
  if (wireType === 2) head.push(varintOf(content.length));
  return Buffer.concat([...head, content]);
}

function varintOf(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left % 128) + 128);
  }
}
