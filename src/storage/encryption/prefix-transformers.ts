import type { OpenedValue, ValueTransformer } from '../value-transformer.ts';
import { isEncryptedValue } from '../encrypted-value.ts';
import type { ValueCipher } from './value-cipher.ts';

/** A transformer for the values that begin with a prefix; it sees what follows. */
export interface PrefixedTransformer {
  readonly prefix: Buffer;
  readonly transformer: ValueTransformer;
}

/**
 * Several transformers as one: the first writes, and whichever has a value's prefix reads it; one that fails leaves the value
 * to the next (kube-apiserver's prefixTransformers). `nothing` is the error for a value that none of them reads.
 */
export function prefixTransformers(nothing: string, transformers: readonly PrefixedTransformer[]): ValueTransformer {
  return {
    fromStorage(key, stored): OpenedValue {
      const problems: string[] = [];
      for (const [index, { prefix, transformer }] of transformers.entries()) {
        if (!stored.subarray(0, prefix.length).equals(prefix)) continue;
        try {
          const { value, stale } = transformer.fromStorage(key, stored.subarray(prefix.length));
          return { value, stale: stale || index > 0 };
        } catch (error) {
          if (prefix.length > 0) problems.push(error instanceof Error ? error.message : String(error));
        }
      }
      throw new Error(problemText(problems) ?? nothing);
    },
    toStorage(key, value) {
      const [first] = transformers;
      if (first === undefined) throw new Error(nothing);
      return Buffer.concat([first.prefix, first.transformer.toStorage(key, value)]);
    },
  };
}

/** As Go prints an aggregate: one alone, several in brackets, each once. */
function problemText(problems: readonly string[]): string | undefined {
  const texts = [...new Set(problems)];
  return texts.length > 1 ? `[${texts.join(', ')}]` : texts[0];
}

/** Values that are not encrypted, by the provider `identity`. */
export const identityTransformer: ValueTransformer = {
  fromStorage(_key, stored) {
    if (isEncryptedValue(stored)) throw new Error('identity transformer tried to read encrypted data');
    return { value: stored, stale: false };
  },
  toStorage: (_key, value) => value,
};

export function cipherTransformer(cipher: ValueCipher): ValueTransformer {
  return {
    fromStorage: (key, stored) => ({ value: cipher.open(stored, key), stale: false }),
    toStorage: (key, value) => cipher.seal(value, key),
  };
}
