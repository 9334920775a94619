import { encryptedWith } from '../../storage/encrypted-value.ts';
import { prefixRange } from '../../storage/key-range.ts';
import type { KeyValue, Storage } from '../../storage/storage.ts';
import type { ValueTransformer } from '../../storage/value-transformer.ts';
import { type ObjectKey, objectKeyReader, resourceName } from '../object-key.ts';
import { scanPages } from '../past/scan-pages.ts';
import { keyText } from '../show-key-value.ts';
import { checkObject } from './check-object.ts';
import { checkValue } from './check-value.ts';
import type { Finding } from './finding.ts';
import { OwnerBook } from './owner-book.ts';
import { shellWord } from './shell-word.ts';
import { readStoreFacts, type StoreFacts } from './store-facts.ts';

export interface KeysRequest {
  readonly storage: Storage;
  /** `/registry` */
  readonly prefix: string;
  readonly values: ValueTransformer;
  /** Whether an encryption configuration is given. */
  readonly configured: boolean;
  readonly now: Date;
  /** From when on something that is being deleted hangs. */
  readonly stuckAfterMs: number;
  /** How the program is called, for remedies. */
  readonly program: string;
  readonly signal?: AbortSignal;
}

export interface KeysDiagnosis {
  readonly findings: readonly Finding[];
  readonly revision: number;
  readonly keys: number;
  readonly bytes: number;
}

/** What API servers keep below the prefix that is no object of a resource: nothing is asked of it. */
const HOUSEKEEPING: ReadonlySet<string> = new Set(['masterleases', 'ranges', 'peerserviceips', 'servers.kube-lite']);

/** Reads every key below the prefix at one revision and judges it. Rejects with StorageError. */
export async function diagnoseKeys(request: KeysRequest): Promise<KeysDiagnosis> {
  const { storage, prefix, signal } = request;
  const range = prefixRange(Buffer.from(`${prefix}/`));
  const { revision } = await storage.range({ ...range, countOnly: true });
  const facts = await readStoreFacts({ ...request, revision });
  const scan = new KeyScan(request, facts);
  for await (const page of scanPages(storage, range, { revision })) {
    signal?.throwIfAborted();
    for (const kv of page) scan.add(kv);
  }
  return { findings: scan.findings(), revision, keys: scan.keys, bytes: scan.bytes };
}

class KeyScan {
  keys = 0;
  bytes = 0;
  readonly #request: KeysRequest;
  readonly #facts: StoreFacts;
  readonly #place: (key: Buffer) => ObjectKey | undefined;
  readonly #findings: Finding[] = [];
  readonly #owners: OwnerBook;
  readonly #plainSecrets: string[] = [];
  #encrypted = 0;
  #hidden = 0;

  constructor(request: KeysRequest, facts: StoreFacts) {
    this.#request = request;
    this.#facts = facts;
    this.#place = objectKeyReader(request.prefix);
    this.#owners = new OwnerBook(facts);
  }

  add(kv: KeyValue): void {
    this.keys++;
    this.bytes += kv.key.length + kv.value.length;
    const key = keyText(kv.key);
    if (HOUSEKEEPING.has(key.slice(this.#request.prefix.length + 1).split('/', 1)[0] ?? '')) return;
    const place = this.#place(kv.key);
    this.#noteEncryption(kv, key, place);
    const { object, findings, hidden } = checkValue({ ...this.#request, kv, key, place });
    this.#findings.push(...findings);
    if (hidden) this.#hidden++;
    if (object === undefined) this.#owners.addUnread();
    else this.#owners.add(key, object);
    if (place !== undefined && object !== undefined) {
      this.#findings.push(...checkObject({ ...this.#request, key, place, object, facts: this.#facts }));
    }
  }

  findings(): Finding[] {
    return [...this.#findings, ...this.#owners.findings(this.#request.program), ...this.#encryptionFindings()];
  }

  #noteEncryption(kv: KeyValue, key: string, place: ObjectKey | undefined): void {
    if (encryptedWith(kv.value) !== undefined) this.#encrypted++;
    else if (place !== undefined && resourceName(place.resource) === 'secrets') this.#plainSecrets.push(key);
  }

  /** Without a configuration, what is encrypted tells that secrets should be. */
  #encryptionFindings(): Finding[] {
    const { configured, program, prefix } = this.#request;
    if (configured || this.#encrypted === 0) return [];
    const plain = this.#plainSecrets.map((key): Finding => {
      const [namespace = '', name = ''] = key.split('/').slice(-2);
      return {
        severity: 'error',
        code: 'unencrypted',
        subject: key,
        message: 'a secret in plain text, in a store that has encrypted values',
        remedy: `${program} get secret ${shellWord(name)} -n ${shellWord(namespace)} -o json | ${program} replace -f -`,
      };
    });
    if (this.#hidden === 0) return plain;
    return [
      ...plain,
      {
        severity: 'info',
        code: 'not-examined',
        subject: `${prefix}/`,
        message: `${this.#hidden} encrypted values were not looked into`,
        remedy: `${program} etcd doctor --etcd-encryption-config=FILE`,
      },
    ];
  }
}
