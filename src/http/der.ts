/** A value in DER, as X.509 certificates are made of it. */
export type Der = Buffer;

export const derSequence = (...parts: Der[]): Der => tagged(0x30, ...parts);
export const derSet = (...parts: Der[]): Der => tagged(0x31, ...parts);
export const derBoolean = (value: boolean): Der => tagged(0x01, Buffer.from([value ? 0xff : 0]));
export const derOctets = (bytes: Buffer): Der => tagged(0x04, bytes);
export const derUtf8 = (text: string): Der => tagged(0x0c, Buffer.from(text));

/** A positive integer from its big-endian bytes. */
export function derInteger(bytes: Buffer): Der {
  const start = bytes.findIndex((byte) => byte !== 0);
  const short = start === -1 ? Buffer.from([0]) : bytes.subarray(start);
  return tagged(0x02, (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
}

export function derBits(bytes: Buffer, unusedBits = 0): Der {
  return tagged(0x03, Buffer.from([unusedBits]), bytes);
}

/** An object identifier from its dotted text. */
export function derOid(text: string): Der {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A time as RFC 5280 wants it: UTCTime until 2049, GeneralizedTime from then on. */
export function derTime(date: Date): Der {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}

/** A context-specific tag; constructed ones hold DER, primitive ones bytes. */
export function derContext(number: number, constructed: boolean, ...parts: Buffer[]): Der {
  return tagged(0x80 + number + (constructed ? 0x20 : 0), ...parts);
}

function tagged(tag: number, ...parts: Buffer[]): Der {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(body.length)]), body]);
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 + bytes.length, ...bytes];
}

function base128(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift((rest % 128) + 128);
  return bytes;
}
