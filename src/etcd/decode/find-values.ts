import { isUtf8 } from 'node:buffer';
import { isJsonObject } from '../../model/json-value.ts';
import { isProtobufObject } from '../../model/protobuf/envelope.ts';
import { isEncryptedValue } from '../../storage/encrypted-value.ts';

/** How bytes that are given stand for a stored value. */
export type InputForm = 'auto' | 'raw' | 'hex' | 'base64';

export const inputForms: readonly InputForm[] = ['auto', 'raw', 'hex', 'base64'];

/** A value, and its key where the input tells it. */
export interface FoundValue {
  readonly key?: Buffer;
  readonly value: Buffer;
}

/**
 * Finds stored values in what somebody saved: the bytes themselves, hex or base64 of them, what `etcdctl get` prints (the key on
 * a line of its own before the value, a line feed behind), or its `-w json`. With `auto` the form is what makes sense. Throws an
 * Error that says what is wrong with hex or base64 that was promised.
 */
export function findValues(input: Buffer, form: InputForm): FoundValue[] {
  if (form === 'hex') return [trimmed(fromHex(input) ?? wrong('hex'))];
  if (form === 'base64') return [trimmed(fromBase64(input) ?? wrong('base64'))];
  if (form === 'raw') return [trimmed(input)];
  const listed = etcdctlJson(input);
  if (listed !== undefined) return listed;
  if (isStored(input)) return [trimmed(input)];
  const keyed = afterKey(input);
  if (keyed !== undefined) return [keyed];
  for (const decoded of [fromHex(input), fromBase64(input)]) {
    if (decoded !== undefined && isStored(decoded)) return [trimmed(decoded)];
  }
  return [{ value: input }];
}

function wrong(form: string): never {
  throw new Error(`the input is no ${form}`);
}

function isStored(bytes: Buffer): boolean {
  return isProtobufObject(bytes) || isEncryptedValue(bytes) || /^\s*\{\s*"/.test(bytes.toString('latin1', 0, 100));
}

/** Without the line feed that etcdctl prints behind a value; the last byte of what Kubernetes encrypts or encodes may be one. */
function trimmed(value: Buffer): FoundValue {
  if (value.at(-1) !== 0x0a) return { value };
  // Every protobuf object ends with two empty fields of its envelope: 1a 00 22 00.
  const isWhole = isProtobufObject(value) && !value.subarray(0, -1).toString('latin1').endsWith('\x1a\x00"\x00');
  return { value: isWhole || isEncryptedValue(value) ? value : value.subarray(0, -1) };
}

function fromHex(input: Buffer): Buffer | undefined {
  const text = input.toString('latin1').replaceAll(/\s+|\\x|^0x/g, '');
  return text.length > 0 && text.length % 2 === 0 && /^[0-9a-f]+$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
}

function fromBase64(input: Buffer): Buffer | undefined {
  const text = input.toString('latin1').replaceAll(/\s+/g, '');
  return text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
    ? Buffer.from(text, 'base64')
    : undefined;
}

/** What etcdctl prints: the key, a line feed, the value. */
function afterKey(input: Buffer): FoundValue | undefined {
  const end = input.indexOf(0x0a);
  if (end < 1 || input[0] !== 0x2f) return undefined;
  const [key, value] = [input.subarray(0, end), input.subarray(end + 1)];
  if (!isUtf8(key) || !isStored(value)) return undefined;
  // An encrypted value is followed by etcdctl's line feed too, which would spoil it.
  const bare = isEncryptedValue(value) && value.at(-1) === 0x0a ? value.subarray(0, -1) : trimmed(value).value;
  return { key, value: bare };
}

/** The answer of a range, as etcdctl prints it as JSON. */
function etcdctlJson(input: Buffer): FoundValue[] | undefined {
  if (!/^\s*\{/.test(input.toString('latin1', 0, 20)) || !input.includes('"kvs"')) return undefined;
  try {
    const answer: unknown = JSON.parse(input.toString('utf8'));
    const kvs = isJsonObject(answer) ? answer['kvs'] : undefined;
    if (!Array.isArray(kvs)) return undefined;
    return kvs.filter(isJsonObject).map(({ key, value }) => ({
      key: Buffer.from(typeof key === 'string' ? key : '', 'base64'),
      value: Buffer.from(typeof value === 'string' ? value : '', 'base64'),
    }));
  } catch {
    return undefined;
  }
}
