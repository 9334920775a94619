import type { KubeObject } from '../../model/kube-object.ts';
import { decodeEnvelope, isProtobufObject } from '../../model/protobuf/envelope.ts';
import { typeForKind } from '../../model/schema/schema.ts';
import { encryptedWith } from '../../storage/encrypted-value.ts';
import type { KeyValue } from '../../storage/storage.ts';
import type { ValueTransformer } from '../../storage/value-transformer.ts';
import type { ObjectKey } from '../object-key.ts';
import { storedValue } from '../stored-value.ts';
import type { Finding } from './finding.ts';
import { shellWord } from './shell-word.ts';

export interface ValueCheck {
  readonly kv: KeyValue;
  /** The key as text. */
  readonly key: string;
  /** Undefined for a key that is no object's. */
  readonly place: ObjectKey | undefined;
  readonly values: ValueTransformer;
  /** Whether an encryption configuration is given. */
  readonly configured: boolean;
  readonly program: string;
}

/** What a value turned out to be. */
export interface CheckedValue {
  readonly object?: KubeObject;
  readonly findings: readonly Finding[];
  /** Encrypted, and not to be read without a configuration. */
  readonly hidden: boolean;
}

/** Close to what etcd takes in one request (1.5 MiB): an update may be refused. */
const LARGE = 1_400_000;

/** Reads a value, and says what is wrong with it. */
export function checkValue(check: ValueCheck): CheckedValue {
  const { kv, key, place, values, configured, program } = check;
  const findings = kv.value.length > LARGE ? [large(check)] : [];
  const value = storedValue(kv, values);
  switch (value.type) {
    case 'object':
      if (configured) findings.push(...encryption(check));
      return { object: value.object, findings, hidden: false };
    case 'encrypted':
      if (!configured) return { findings, hidden: true };
      findings.push({
        severity: 'error',
        code: 'cannot-decrypt',
        subject: key,
        message: value.problem,
        remedy: `give the configuration that has its key: ${program} etcd get ${shellWord(key)} --etcd-encryption-config=FILE`,
      });
      return { findings, hidden: false };
    case 'damaged':
      findings.push(damaged(check, value.problem));
      return { findings, hidden: false };
    case 'text':
    case 'bytes':
      if (place !== undefined) {
        const what = kv.value.length === 0 ? 'the value is empty' : 'the value is no object';
        findings.push(
          damaged(check, `${what}: ${kv.value.length} bytes of ${value.type === 'text' ? 'text' : 'data'}`),
        );
      }
      return { findings, hidden: false };
  }
}

/** An envelope of a kind that is not known is none that is damaged. */
function damaged({ kv, key, values, program }: ValueCheck, problem: string): Finding {
  const unknown = unknownKind(kv, values);
  if (unknown !== undefined) {
    return {
      severity: 'warning',
      code: 'unknown-kind',
      subject: key,
      message: `${unknown} is a kind that Kubernetes 1.36 does not have`,
      remedy: `if no API server that knows it is in use: ${program} etcd del ${shellWord(key)}`,
    };
  }
  return {
    severity: 'error',
    code: 'damaged-value',
    subject: key,
    message: `${problem}; an API server fails to list this resource`,
    remedy: `look for a revision that is whole: ${program} etcd history ${shellWord(key)}; without one: ${program} etcd del ${shellWord(key)}`,
  };
}

function unknownKind({ key, value }: KeyValue, values: ValueTransformer): string | undefined {
  try {
    const plain = encryptedWith(value) === undefined ? value : values.fromStorage(key, value).value;
    if (!isProtobufObject(plain)) return undefined;
    const { apiVersion, kind } = decodeEnvelope(plain);
    const isName = /^[A-Za-z][A-Za-z0-9]*$/.test(kind) && apiVersion !== '';
    return isName && typeForKind(apiVersion, kind) === undefined ? `${apiVersion} ${kind}` : undefined;
  } catch {
    return undefined;
  }
}

function large({ kv, key, program }: ValueCheck): Finding {
  return {
    severity: 'warning',
    code: 'large-value',
    subject: key,
    message: `${kv.value.length} bytes are close to what etcd takes in one request; updates may be refused`,
    remedy: `${program} etcd get ${shellWord(key)}`,
  };
}

/** Whether a readable value is stored as the configuration wants it. */
function encryption({ kv, key, values, program, place }: ValueCheck): Finding[] {
  const by = encryptedWith(kv.value);
  let stale: boolean;
  try {
    ({ stale } = values.fromStorage(kv.key, kv.value));
  } catch {
    // A configuration without identity refuses a plain value.
    stale = true;
  }
  if (!stale || place === undefined) return [];
  const where = place.namespace === '' ? '' : ` -n ${place.namespace}`;
  const rewrite = `${program} get ${place.resource.resource} ${place.name}${where} -o json | ${program} replace -f -`;
  return by === undefined
    ? [
        {
          severity: 'error',
          code: 'unencrypted',
          subject: key,
          message: 'stored in plain text, which the encryption configuration forbids',
          remedy: rewrite,
        },
      ]
    : [
        {
          severity: 'info',
          code: 'old-encryption-key',
          subject: key,
          message: `encrypted by ${by}, which is not the configuration's first any more`,
          remedy: rewrite,
        },
      ];
}
