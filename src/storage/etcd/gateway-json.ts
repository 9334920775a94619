import type { StreamMethod, UnaryMethod } from '../etcd-methods.ts';

/**
 * etcd's messages as its JSON gateway writes them (protobuf's JSON mapping with proto field names): 64-bit numbers as
 * strings, bytes as base64, enums by their names in capitals, and fields that have their default left out.
 */

/** How a field is read: numbers stay decimal strings; `[shape]` is repeated; a function is another message. */
type FieldShape = 'number' | 'bytes' | 'text' | 'flag' | 'event' | MessageShape | readonly [FieldShape];
type MessageShape = () => Readonly<Record<string, FieldShape>>;

const header: MessageShape = () => ({
  cluster_id: 'number',
  member_id: 'number',
  revision: 'number',
  raft_term: 'number',
});
const keyValue: MessageShape = () => ({
  key: 'bytes',
  create_revision: 'number',
  mod_revision: 'number',
  version: 'number',
  value: 'bytes',
  lease: 'number',
});
const range: MessageShape = () => ({ header, kvs: [keyValue], more: 'flag', count: 'number' });
const put: MessageShape = () => ({ header, prev_kv: keyValue });
const deleteRange: MessageShape = () => ({ header, deleted: 'number', prev_kvs: [keyValue] });
const responseOp: MessageShape = () => ({
  response_range: range,
  response_put: put,
  response_delete_range: deleteRange,
});
const event: MessageShape = () => ({ type: 'event', kv: keyValue, prev_kv: keyValue });

interface GatewayMethod {
  /** Below `/v3/`. */
  readonly path: string;
  readonly answer: MessageShape;
}

const METHODS: Partial<Record<UnaryMethod | StreamMethod, GatewayMethod>> = {
  'KV/Range': { path: 'kv/range', answer: range },
  'KV/Txn': { path: 'kv/txn', answer: () => ({ header, succeeded: 'flag', responses: [responseOp] }) },
  'KV/Compact': { path: 'kv/compaction', answer: () => ({ header }) },
  'Lease/LeaseGrant': {
    path: 'lease/grant',
    answer: () => ({ header, ID: 'number', TTL: 'number', error: 'text' }),
  },
  'Lease/LeaseRevoke': { path: 'lease/revoke', answer: () => ({ header }) },
  'Lease/LeaseTimeToLive': {
    path: 'lease/timetolive',
    answer: () => ({ header, ID: 'number', TTL: 'number', grantedTTL: 'number', keys: ['bytes'] }),
  },
  'Lease/LeaseKeepAlive': { path: 'lease/keepalive', answer: () => ({ header, ID: 'number', TTL: 'number' }) },
  'Maintenance/Status': {
    path: 'maintenance/status',
    answer: () => ({
      header,
      version: 'text',
      dbSize: 'number',
      leader: 'number',
      raftIndex: 'number',
      raftTerm: 'number',
      raftAppliedIndex: 'number',
      errors: ['text'],
      dbSizeInUse: 'number',
      isLearner: 'flag',
    }),
  },
  'Auth/Authenticate': { path: 'auth/authenticate', answer: () => ({ header, token: 'text' }) },
  'Watch/Watch': {
    path: 'watch',
    answer: () => ({
      header,
      watch_id: 'number',
      created: 'flag',
      canceled: 'flag',
      compact_revision: 'number',
      cancel_reason: 'text',
      fragment: 'flag',
      events: [event],
    }),
  },
};

/** Where the gateway has a method. Throws TypeError for one that is not spoken over it. */
export function gatewayMethod(method: UnaryMethod | StreamMethod): GatewayMethod {
  const found = METHODS[method];
  if (found === undefined) throw new TypeError(`${method} is not called over etcd's JSON gateway`);
  return found;
}

/** Fields whose text names an enum's value. */
const ENUMS = new Set(['result', 'target']);

/** Names that upper case alone does not make. */
const ENUM_NAMES: Readonly<Record<string, string>> = { NotEqual: 'NOT_EQUAL' };

/** A request as the gateway takes it. */
export function toGatewayJson(request: object): string {
  return JSON.stringify(encoded(request));
}

function encoded(value: unknown, name = ''): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map((item) => encoded(item, name));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, encoded(field, key)]));
  }
  if (typeof value === 'number' || typeof value === 'bigint') return value.toString();
  if (typeof value === 'string' && ENUMS.has(name)) return ENUM_NAMES[value] ?? value.toUpperCase();
  return value;
}

/** An answer as gRPC would have brought it: with every field, absent messages null. Throws TypeError when it is no such answer. */
export function fromGatewayJson(json: unknown, shape: MessageShape): object {
  if (!isRecord(json)) throw new TypeError('the answer is not a JSON object');
  return Object.fromEntries(Object.entries(shape()).map(([name, field]) => [name, decoded(json[name], field, name)]));
}

function decoded(value: unknown, shape: FieldShape, name: string): unknown {
  if (typeof shape === 'function') return value == null ? null : fromGatewayJson(value, shape);
  if (typeof shape === 'object') {
    if (value == null) return [];
    if (!Array.isArray(value)) throw new TypeError(`field ${name} is not a list`);
    return value.map((item) => decoded(item, shape[0], name));
  }
  switch (shape) {
    case 'flag':
      return value === true;
    case 'number':
      return numberText(value ?? '0', name);
    case 'text':
      return textOf(value ?? '', name);
    case 'bytes':
      return Buffer.from(textOf(value ?? '', name), 'base64');
    case 'event':
      return value === 'DELETE' ? 'Delete' : 'Put';
  }
}

function numberText(value: unknown, name: string): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && /^-?\d+$/.test(text)) return text;
  throw new TypeError(`field ${name} is not a number`);
}

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`field ${name} is not a text`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
