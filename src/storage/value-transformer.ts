import { encryptedWith } from './encrypted-value.ts';

/** A value as it is before encryption. */
export interface OpenedValue {
  readonly value: Buffer;
  /** Whether it was stored otherwise than it would be now: a write that changes nothing else is to be made then. */
  readonly stale: boolean;
}

/** What a kube-apiserver does to values between its encoding and etcd (storage/value.Transformer). The key is the whole one. */
export interface ValueTransformer {
  /** Throws an Error that says why the value cannot be read. */
  fromStorage(key: Buffer, stored: Buffer): OpenedValue;
  /** Throws an Error that says why the value cannot be written. */
  toStorage(key: Buffer, value: Buffer): Buffer;
}

/** Values as they are, where no encryption is configured. An encrypted one is refused with the name of what wrote it. */
export const plainValues: ValueTransformer = {
  fromStorage(_key, stored) {
    const by = encryptedWith(stored);
    if (by === undefined) return { value: stored, stale: false };
    throw new Error(
      `the value is encrypted at rest by ${by}, and no key for it is configured (--etcd-encryption-config names the file)`,
    );
  },
  toStorage: (_key, value) => value,
};
