import { isJsonObject } from '../../model/json-value.ts';
import { decodeEnvelope, isProtobufObject } from '../../model/protobuf/envelope.ts';
import { ProtobufReader } from '../../model/protobuf/protobuf-reader.ts';

/** What stands for a manager where none is told. */
export const NO_MANAGER = '(none)';

const METADATA = 10;
const MANAGED_FIELDS = 138;
const MANAGER = 10;
const TIME = 34;
const SECONDS = 8;

interface Entry {
  manager: string;
  /** Comparable among entries of one object. */
  time: number;
}

/**
 * The field manager that wrote an object last, by the times in its managedFields; NO_MANAGER when it has none or cannot be
 * read. Of a protobuf value nothing else is decoded.
 */
export function lastManager(value: Buffer): string {
  try {
    const entries = isProtobufObject(value) ? protobufEntries(value) : jsonEntries(value);
    let last: Entry | undefined;
    for (const entry of entries) if (last === undefined || entry.time >= last.time) last = entry;
    return last?.manager || NO_MANAGER;
  } catch {
    return NO_MANAGER;
  }
}

function protobufEntries(value: Buffer): Entry[] {
  const reader = new ProtobufReader(decodeEnvelope(value).raw);
  const entries: Entry[] = [];
  // Every kind has its metadata first.
  if (!reader.more || reader.tag() !== METADATA) return entries;
  reader.enter();
  while (reader.more) {
    const tag = reader.tag();
    if (tag === MANAGED_FIELDS) entries.push(protobufEntry(reader));
    else reader.skipUnknown('', tag);
  }
  return entries;
}

function protobufEntry(reader: ProtobufReader): Entry {
  const outer = reader.enter();
  const entry: Entry = { manager: '', time: 0 };
  while (reader.more) {
    const tag = reader.tag();
    if (tag === MANAGER) entry.manager = reader.string();
    else if (tag === TIME) entry.time = seconds(reader);
    else reader.skipUnknown('', tag);
  }
  reader.leave(outer);
  return entry;
}

function seconds(reader: ProtobufReader): number {
  const outer = reader.enter();
  let found = 0;
  while (reader.more) {
    const tag = reader.tag();
    if (tag === SECONDS) found = Number(reader.int64());
    else reader.skipUnknown('', tag);
  }
  reader.leave(outer);
  return found;
}

function jsonEntries(value: Buffer): Entry[] {
  if (!value.includes('"managedFields"')) return [];
  const object: unknown = JSON.parse(value.toString('utf8'));
  const metadata = isJsonObject(object) ? object['metadata'] : undefined;
  const managed = isJsonObject(metadata) ? metadata['managedFields'] : undefined;
  if (!Array.isArray(managed)) return [];
  return managed.filter(isJsonObject).map(({ manager, time }) => ({
    manager: typeof manager === 'string' ? manager : '',
    time: typeof time === 'string' ? Date.parse(time) || 0 : 0,
  }));
}
