import { goBytes } from '../../../model/go-template/go-bytes.ts';
import { parseLeaseId } from '../../../etcd/lease-id.ts';
import { UserError } from '../../../model/user-error.ts';
import { prefixRange } from '../../../storage/key-range.ts';
import type { KeyRange, Operation } from '../../../storage/storage.ts';
import { FlagError } from '../../flag-error.ts';
import { FlagValues } from '../../flag-values.ts';
import type { Flag } from '../../flag.ts';
import { parseFlags } from '../../parse-flags.ts';
import { splitWords } from './split-words.ts';

const bool = (name: string): Flag => ({ name, type: 'bool', default: 'false', usage: '' });

const RANGE_FLAGS: readonly Flag[] = [bool('prefix'), bool('from-key')];

const FLAGS: Readonly<Record<string, readonly Flag[]>> = {
  put: [{ name: 'lease', type: 'string', default: '0', usage: '' }, bool('prev-kv')],
  get: [
    ...RANGE_FLAGS,
    { name: 'limit', type: 'int64', default: '0', usage: '' },
    { name: 'rev', type: 'int64', default: '0', usage: '' },
    bool('keys-only'),
    bool('count-only'),
  ],
  del: [...RANGE_FLAGS, bool('prev-kv')],
};

/** Reads a request as etcdctl takes it: `put KEY VALUE`, `get KEY [END]`, `del KEY [END]`, with their flags. Throws UserError. */
export function parseOperation(line: string): Operation {
  const [verb = '', ...words] = splitWords(line);
  const own = FLAGS[verb];
  if (own === undefined) throw invalid(line, `want put, get or del, not ${JSON.stringify(verb)}`);
  try {
    const { args, given } = parseFlags(words, own);
    const flags = new FlagValues(own, given);
    if (verb === 'put') return putOf(args, flags);
    return verb === 'get' ? getOf(args, flags) : delOf(args, flags);
  } catch (error) {
    if (error instanceof UserError) throw invalid(line, error.message);
    throw error instanceof FlagError ? invalid(line, error.message) : error;
  }
}

function putOf(args: readonly string[], flags: FlagValues): Operation {
  const [key = '', value] = args;
  if (value === undefined || args.length > 2) throw new UserError('want KEY and VALUE');
  const lease = flags.string('lease') === '0' ? 0n : parseLeaseId(flags.string('lease'));
  return { type: 'put', key: keyOf(key), value: Buffer.from(goBytes(value)), lease, prevKv: flags.bool('prev-kv') };
}

function getOf(args: readonly string[], flags: FlagValues): Operation {
  const limit = flags.int('limit');
  const revision = flags.int('rev');
  if (limit < 0 || revision < 0) throw new UserError('--limit and --rev must not be negative');
  const options = { limit, revision, keysOnly: flags.bool('keys-only'), countOnly: flags.bool('count-only') };
  return { type: 'range', ...rangeOf(args, flags), ...options };
}

function delOf(args: readonly string[], flags: FlagValues): Operation {
  return { type: 'delete', ...rangeOf(args, flags), prevKv: flags.bool('prev-kv') };
}

function rangeOf(args: readonly string[], flags: FlagValues): KeyRange {
  const [key, end] = args;
  const prefix = flags.bool('prefix');
  const fromKey = flags.bool('from-key');
  if (key === undefined || args.length > 2) throw new UserError('want KEY, and at most END behind it');
  if (prefix && fromKey) throw new UserError('--prefix and --from-key exclude each other');
  if ((prefix || fromKey) && end !== undefined) throw new UserError('END cannot be used with --prefix or --from-key');
  if (prefix) return prefixRange(goBytes(key));
  if (fromKey) return { key: key === '' ? Buffer.from([0]) : Buffer.from(goBytes(key)), rangeEnd: Buffer.from([0]) };
  return end === undefined ? { key: keyOf(key) } : { key: keyOf(key), rangeEnd: Buffer.from(goBytes(end)) };
}

function keyOf(text: string): Buffer {
  if (text === '') throw new UserError('the key is empty');
  return Buffer.from(goBytes(text));
}

function invalid(line: string, why: string): UserError {
  return new UserError(`invalid txn request: ${line.trim()}: ${why}`);
}
