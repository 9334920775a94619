import { ProtobufError } from './protobuf-error.ts';
import type { ProtobufReader } from './protobuf-reader.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

/** The first seconds of the years 0 and 10000: RFC 3339 has four digits for a year. */
const YEAR_0 = -62_167_219_200;
const YEAR_10000 = 253_402_300_800;
/** Go's zero time, the start of the year 1: stored as an empty message, `null` in JSON. */
const GO_ZERO = -62_135_596_800;
/** As an API server writes it, which Date reads without help. */
const PLAIN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const RFC3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:[.,](\d+))?([Zz]|[+-]\d\d:\d\d)$/;

/** Reads a Time, whole seconds, or a MicroTime, six digits of a second; null for Go's zero time. */
export function readTimestamp(reader: ProtobufReader, kind: string): string | null {
  const outer = reader.enter();
  if (!reader.more) {
    reader.leave(outer);
    return null;
  }
  let seconds = 0;
  let nanos = 0;
  while (reader.more) {
    const tag = reader.tag();
    if (tag === 8) seconds = Number(reader.int64());
    else if (tag === 16) nanos = reader.int32();
    else reader.skipUnknown(`meta.v1.${kind}`, tag);
  }
  reader.leave(outer);
  const inRange = seconds >= YEAR_0 && seconds < YEAR_10000;
  if (!inRange) throw new ProtobufError(`a time of ${seconds} seconds is out of range`);
  const text = secondsText(seconds);
  if (kind === 'Time') return text;
  if (nanos < 0 || nanos >= 1e9) throw new ProtobufError(`a time of ${nanos} nanoseconds is out of range`);
  return `${text.slice(0, -1)}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z`;
}

// A memo of texts: what is read does not depend on it. An object's times are often those of the one before.
const LATEST_SECONDS: number[] = Array.from({ length: 256 }, () => Number.NaN);
const LATEST_TEXTS: string[] = Array.from({ length: 256 }, () => '');

/** RFC 3339 in whole seconds. */
function secondsText(seconds: number): string {
  const slot = seconds & 255;
  const known = LATEST_TEXTS[slot];
  if (LATEST_SECONDS[slot] === seconds && known !== undefined) return known;
  const text = `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
  LATEST_SECONDS[slot] = seconds;
  LATEST_TEXTS[slot] = text;
  return text;
}

/** Writes a time's message; null is Go's zero time. Throws ProtobufError when the text is no RFC 3339 time. */
export function writeTimestamp(writer: ProtobufWriter, text: string | null, kind: string): void {
  const mark = writer.size;
  if (text !== null) {
    const { seconds, micros } = parseTime(text);
    const nanos = kind === 'MicroTime' ? micros * 1000 : 0;
    if (seconds !== GO_ZERO || nanos !== 0) {
      writer.varint(nanos);
      writer.varint(16);
      writer.int64(seconds);
      writer.varint(8);
    }
  }
  writer.varint(writer.size - mark);
}

function parseTime(text: string): { seconds: number; micros: number } {
  if (PLAIN.test(text)) {
    const seconds = Date.parse(text) / 1000;
    if (!Number.isNaN(seconds)) return { seconds, micros: 0 };
  }
  const [, date, time, fraction = '', zone = ''] = RFC3339.exec(text) ?? [];
  const seconds = Date.parse(`${date}T${time}${zone.toUpperCase()}`) / 1000;
  const isTime = date !== undefined && !Number.isNaN(seconds);
  if (!isTime) throw new ProtobufError(`${JSON.stringify(text)} is no RFC 3339 time`);
  return { seconds, micros: Number(fraction.slice(0, 6).padEnd(6, '0')) };
}
