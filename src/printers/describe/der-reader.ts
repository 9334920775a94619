/** One value of a DER encoding. */
export interface DerValue {
  /** The identifier octet: 0x30 for a SEQUENCE. */
  readonly tag: number;
  readonly content: Buffer;
}

/** An encoding is cut short or not DER. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** The values that stand one after the other in bytes. Throws DerError. Tags of more than one octet are not read. */
export function readDer(bytes: Buffer): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    const { length, start } = lengthAt(bytes, at + 1);
    if ((tag & 0x1f) === 0x1f || start + length > bytes.length) throw new DerError('not DER');
    values.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return values;
}

function lengthAt(bytes: Buffer, at: number): { length: number; start: number } {
  const first = bytes[at];
  if (first === undefined) throw new DerError('not DER');
  if (first < 0x80) return { length: first, start: at + 1 };
  const size = first & 0x7f;
  if (size === 0 || size > 4 || at + 1 + size > bytes.length) throw new DerError('not DER');
  return { length: bytes.readUIntBE(at + 1, size), start: at + 1 + size };
}

/** An object identifier with dots: `2.5.4.3`. */
export function objectIdentifier({ content }: DerValue): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content) {
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [first = 0, ...others] = numbers;
  const root = Math.min(Math.trunc(first / 40), 2);
  return [root, first - root * 40, ...others].join('.');
}

/** The text of a string of any of ASN.1's kinds; undefined for another value. */
export function derText({ tag, content }: DerValue): string | undefined {
  switch (tag) {
    case 0x0c: // UTF8String
      return content.toString('utf8');
    case 0x12: // NumericString
    case 0x13: // PrintableString
    case 0x14: // T61String
    case 0x16: // IA5String
      return content.toString('latin1');
    case 0x1e: // BMPString
      return Buffer.from(content).swap16().toString('utf16le');
    default:
      return undefined;
  }
}
