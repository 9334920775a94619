import type { GroupResource } from '../../model/status-errors.ts';
import { UserError } from '../../model/user-error.ts';
import { resourceOfKey } from '../resource-of-key.ts';
import type { ValueTransformer } from '../value-transformer.ts';
import {
  type EncryptionProvider,
  type EncryptionRule,
  parseEncryptionConfiguration,
} from './encryption-configuration.ts';
import {
  cipherTransformer,
  identityTransformer,
  type PrefixedTransformer,
  prefixTransformers,
} from './prefix-transformers.ts';
import { aesCbc, aesGcm, secretbox } from './value-cipher.ts';

const CIPHERS = { aescbc: aesCbc, aesgcm: aesGcm, secretbox } as const;

/**
 * Encrypts and decrypts values as a kube-apiserver with this EncryptionConfiguration does: of each resource the first
 * provider writes and any of them reads. `prefix` is that of all keys. Throws a UserError when the text is not as it must be.
 */
export function configuredValues(text: string, prefix: string): ValueTransformer {
  const transformers = transformersOf(parseEncryptionConfiguration(text));
  const resourceOf = resourceOfKey(prefix);
  const transformerOf = (key: Buffer): ValueTransformer => {
    const resource = resourceOf(key);
    if (resource === undefined) return identityTransformer;
    const candidates = [resource, { group: resource.group, resource: '*' }, { group: '*', resource: '*' }];
    return candidates.map((each) => transformers.get(nameOf(each))).find(Boolean) ?? identityTransformer;
  };
  return {
    fromStorage: (key, stored) => transformerOf(key).fromStorage(key, stored),
    toStorage: (key, value) => transformerOf(key).toStorage(key, value),
  };
}

/** `secrets`, `*.` and `*.*`, as configurations have them. */
function nameOf({ group, resource }: GroupResource): string {
  return group === '' && resource !== '*' ? resource : `${resource}.${group}`;
}

function transformersOf(rules: readonly EncryptionRule[]): Map<string, ValueTransformer> {
  const lists = new Map<string, PrefixedTransformer[]>();
  for (const { resources, providers } of rules) {
    const list = providers.map(providerTransformer);
    for (const resource of resources) {
      const name = nameOf(resource);
      const masks = [
        { group: resource.group, resource: '*' },
        { group: '*', resource: '*' },
      ].map(nameOf);
      const mask = masks.find((each) => lists.has(each));
      if (mask !== undefined) {
        throw new UserError(`resource ${JSON.stringify(name)} is masked by earlier rule ${JSON.stringify(mask)}`);
      }
      lists.set(name, [...(lists.get(name) ?? []), ...list]);
    }
  }
  return new Map([...lists].map(([name, list]) => [name, prefixTransformers('no matching prefix found', list)]));
}

function providerTransformer(provider: EncryptionProvider): PrefixedTransformer {
  if (provider.type === 'identity') return { prefix: Buffer.alloc(0), transformer: identityTransformer };
  if (provider.type === 'kms') {
    const prefix = Buffer.from(`k8s:enc:kms:${provider.version}:${provider.name}:`);
    return { prefix, transformer: kmsRefusal(provider.version, provider.name) };
  }
  const { type, keys } = provider;
  const named = type === 'secretbox' ? 'Secretbox' : 'AES';
  const transformer = prefixTransformers(
    `no matching key was found for the provided ${named} transformer`,
    keys.map(({ name, secret }) => ({
      prefix: Buffer.from(`${name}:`),
      transformer: cipherTransformer(CIPHERS[type](secret)),
    })),
  );
  return { prefix: Buffer.from(`k8s:enc:${type}:v1:`), transformer };
}

function kmsRefusal(version: string, name: string): ValueTransformer {
  const refuse = (): never => {
    throw new Error(
      `the KMS ${version} plugin ${JSON.stringify(name)} has the key, and kube-lite speaks to no KMS plugin; only an API server can read or write such values`,
    );
  };
  return { fromStorage: refuse, toStorage: refuse };
}
