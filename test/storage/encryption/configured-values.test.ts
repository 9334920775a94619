import { describe, expect, it } from 'vitest';
import { configuredValues } from '../../../src/storage/encryption/configured-values.ts';
import { plainValues } from '../../../src/storage/value-transformer.ts';

const secretOf = (fill: number, size = 32): string => Buffer.alloc(size, fill).toString('base64');
const provider = (type: string, ...keys: [string, number][]): string =>
  `{${type}: {keys: [${keys.map(([name, fill]) => `{name: ${name}, secret: ${secretOf(fill)}}`).join(', ')}]}}`;
const IDENTITY = '{identity: {}}';
const rule = (resources: string[], ...providers: string[]): string =>
  `- resources: [${resources.map((each) => JSON.stringify(each)).join(', ')}]\n  providers: [${providers.join(', ')}]`;
const configuration = (...rules: string[]): string =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n${rules.join('\n')}\n`;
const valuesOf = (...rules: string[]) => configuredValues(configuration(...rules), '/registry');

const SECRET = Buffer.from('/registry/secrets/default/s');
const VALUE = Buffer.from('k8s\0 some object');
const headOf = (stored: Buffer): string => /^(k8s:enc:[a-z]+:v1:[^:]+:)?/.exec(stored.toString('latin1'))?.[0] ?? '';

describe('who writes and who reads', () => {
  it('the first provider with its first key writes', () => {
    const values = valuesOf(rule(['secrets'], provider('aescbc', ['key1', 1], ['key2', 2]), IDENTITY));
    const stored = values.toStorage(SECRET, VALUE);
    expect(headOf(stored)).toBe('k8s:enc:aescbc:v1:key1:');
    expect(values.fromStorage(SECRET, stored)).toEqual({ value: VALUE, stale: false });
  });

  it('any provider and any key reads, and what the first would not have written so is stale', () => {
    const old = valuesOf(rule(['secrets'], provider('aescbc', ['old', 2]))).toStorage(SECRET, VALUE);
    const second = valuesOf(rule(['secrets'], provider('aescbc', ['new', 1], ['old', 2]))).fromStorage(SECRET, old);
    expect(second).toEqual({ value: VALUE, stale: true });
    const other = valuesOf(rule(['secrets'], provider('secretbox', ['new', 1]), provider('aescbc', ['old', 2])));
    expect(other.fromStorage(SECRET, old)).toEqual({ value: VALUE, stale: true });
    const plain = valuesOf(rule(['secrets'], provider('aesgcm', ['new', 1]), IDENTITY)).fromStorage(SECRET, VALUE);
    expect(plain).toEqual({ value: VALUE, stale: true });
  });

  it('a provider given twice is tried twice', () => {
    const old = valuesOf(rule(['secrets'], provider('aesgcm', ['k', 2]))).toStorage(SECRET, VALUE);
    const values = valuesOf(rule(['secrets'], provider('aesgcm', ['k', 1]), provider('aesgcm', ['k', 2])));
    expect(values.fromStorage(SECRET, old)).toEqual({ value: VALUE, stale: true });
  });

  it('identity before a provider writes plainly and reads both', () => {
    const values = valuesOf(rule(['secrets'], IDENTITY, provider('secretbox', ['k', 1])));
    expect(values.toStorage(SECRET, VALUE)).toEqual(VALUE);
    const stored = valuesOf(rule(['secrets'], provider('secretbox', ['k', 1]))).toStorage(SECRET, VALUE);
    expect(values.fromStorage(SECRET, stored)).toEqual({ value: VALUE, stale: true });
  });
});

describe('errors of reading, as kube-apiserver words them', () => {
  const stored = valuesOf(rule(['secrets'], provider('aescbc', ['key1', 1]))).toStorage(SECRET, VALUE);
  const gcm = valuesOf(rule(['secrets'], provider('aesgcm', ['key1', 1]))).toStorage(SECRET, VALUE);
  const box = valuesOf(rule(['secrets'], provider('secretbox', ['key1', 1]))).toStorage(SECRET, VALUE);

  it.each([
    [
      'the key has another name',
      stored,
      [provider('aescbc', ['key2', 1])],
      'no matching key was found for the provided AES transformer',
    ],
    [
      'the key has another name',
      box,
      [provider('secretbox', ['key2', 1])],
      'no matching key was found for the provided Secretbox transformer',
    ],
    ['the key is wrong', gcm, [provider('aesgcm', ['key1', 2])], 'cipher: message authentication failed'],
    ['the key is wrong', box, [provider('secretbox', ['key1', 2])], 'output array was not large enough for encryption'],
    ['no provider fits', stored, [provider('aesgcm', ['key1', 1])], 'no matching prefix found'],
    ['only identity is there', stored, [IDENTITY], 'no matching prefix found'],
    ['it is not encrypted', VALUE, [provider('aesgcm', ['key1', 1])], 'no matching prefix found'],
    [
      'it is of a KMS plugin',
      Buffer.from('k8s:enc:kms:v2:vault:data'),
      [IDENTITY, '{kms: {apiVersion: v2, name: vault, endpoint: "unix:///k"}}'],
      'the KMS v2 plugin "vault" has the key, and kube-lite speaks to no KMS plugin; only an API server can read or write such values',
    ],
  ])('%s', (_name, value, providers, why) => {
    expect(() => valuesOf(rule(['secrets'], ...providers)).fromStorage(SECRET, value)).toThrow(new Error(why));
  });

  it('a KMS plugin that is to write is refused', () => {
    const values = valuesOf(rule(['secrets'], '{kms: {name: old, endpoint: "unix:///k"}}', IDENTITY));
    expect(() => values.toStorage(SECRET, VALUE)).toThrow(/^the KMS v1 plugin "old" has the key/);
    expect(values.fromStorage(SECRET, VALUE).value).toEqual(VALUE);
  });

  it('without a configuration the provider and the key are named', () => {
    expect(() => plainValues.fromStorage(SECRET, stored)).toThrow(
      'the value is encrypted at rest by aescbc with the key "key1", and no key for it is configured',
    );
    expect(() => plainValues.fromStorage(SECRET, Buffer.from('k8s:enc:kms:v2:vault:x'))).toThrow(
      'the KMS v2 plugin "vault"',
    );
    expect(() => plainValues.fromStorage(SECRET, Buffer.from('k8s:enc:'))).toThrow('an unknown provider');
  });
});

describe('which resources', () => {
  const all = valuesOf(
    rule(['events'], IDENTITY),
    rule(['secrets', 'widgets.example.com'], provider('aescbc', ['named', 1])),
    rule(['*.apps'], provider('aescbc', ['apps', 2])),
    rule(['*.'], provider('aescbc', ['core', 3])),
    rule(['*.*'], provider('aescbc', ['rest', 4])),
  );
  it.each([
    ['/registry/secrets/default/s', 'named'],
    ['/registry/example.com/widgets/default/w', 'named'],
    ['/registry/deployments/default/d', 'apps'],
    ['/registry/services/specs/default/s', 'core'],
    ['/registry/services/endpoints/default/s', 'core'],
    ['/registry/minions/node', 'core'],
    ['/registry/example.com/gadgets/default/g', 'rest'],
    ['/registry/leases/kube-system/l', 'rest'],
    ['/registry/apiextensions.k8s.io/customresourcedefinitions/widgets.example.com', 'rest'],
    ['/registry/events/default/e', ''],
    ['/registry/ranges/serviceips', ''],
    ['/registry/masterleases/10.0.0.1', ''],
    ['/other/secrets/default/s', ''],
  ])('%s', (key, name) => {
    const stored = all.toStorage(Buffer.from(key), VALUE);
    expect(headOf(stored)).toBe(name === '' ? '' : `k8s:enc:aescbc:v1:${name}:`);
    expect(all.fromStorage(Buffer.from(key), stored)).toEqual({ value: VALUE, stale: false });
  });

  it('a resource that no rule has is not encrypted, and must not be', () => {
    const values = valuesOf(rule(['secrets'], provider('aescbc', ['k', 1])));
    const key = Buffer.from('/registry/configmaps/default/c');
    expect(values.toStorage(key, VALUE)).toEqual(VALUE);
    expect(() => values.fromStorage(key, Buffer.from('k8s:enc:aescbc:v1:k:x'))).toThrow(
      'identity transformer tried to read encrypted data',
    );
  });
});

describe('wrong configurations', () => {
  const wrong = (text: string): string => {
    try {
      configuredValues(text, '/registry');
    } catch (error) {
      return String(error);
    }
    return 'accepted';
  };
  it.each([
    ['another kind', 'apiVersion: v1\nkind: ConfigMap\n', /no kind "ConfigMap" is registered for version "v1"/],
    ['no rules', configuration('  []'), /resources: Required value: at least one resources is required/],
    [
      'a typing error',
      configuration('- {resources: [secrets], provider: []}'),
      /strict decoding error: unknown field "resources\[0\]\.provider"/,
    ],
    [
      'a short key',
      configuration(rule(['secrets'], `{aesgcm: {keys: [{name: k, secret: ${secretOf(1, 5)}}]}}`)),
      /resources\[0\]\.providers\[0\]\.aesgcm\.keys\[0\]\.secret: Invalid value: "REDACTED": secret is not of the expected length, got 5, expected one of \[16 24 32\]/,
    ],
    [
      'a short key for secretbox',
      configuration(rule(['secrets'], `{secretbox: {keys: [{name: k, secret: ${secretOf(1, 16)}}]}}`)),
      /got 16, expected one of \[32\]/,
    ],
    [
      'no base64',
      configuration(rule(['secrets'], '{aescbc: {keys: [{name: k, secret: "%%"}]}}')),
      /Invalid value: "REDACTED": secrets must be base64 encoded/,
    ],
    [
      'no name',
      configuration(rule(['secrets'], `{aescbc: {keys: [{secret: ${secretOf(1)}}]}}`)),
      /keys\[0\]\.name: Required value: name is a mandatory field for a key/,
    ],
    [
      'no keys',
      configuration(rule(['secrets'], '{aescbc: {keys: []}}')),
      /aescbc\.keys: Required value: at least one keys is required/,
    ],
    [
      'two providers in one',
      configuration(rule(['secrets'], `{identity: {}, aescbc: {keys: [{name: k, secret: ${secretOf(1)}}]}}`)),
      /more than one provider specified in a single element/,
    ],
    [
      'no provider',
      configuration('- {resources: [secrets], providers: [{}]}'),
      /does not contain any of the expected providers/,
    ],
    [
      'a star',
      configuration(rule(['*'], IDENTITY)),
      /use '\*\.' to encrypt all the resources from core API group or \*\.\* to encrypt all resources/,
    ],
    ['capitals', configuration(rule(['Secrets'], IDENTITY)), /resource name should not contain capital letters/],
    ['overlap', configuration(rule(['secrets', '*.'], IDENTITY)), /using overlapping resources/],
    [
      'one resource twice',
      configuration(rule(['secrets', 'secrets'], IDENTITY)),
      /the same resource cannot be specified multiple times/,
    ],
    ['events of events.k8s.io', configuration(rule(['events.events.k8s.io'], IDENTITY)), /Use 'events' instead/],
    [
      'a resource of all groups',
      configuration(rule(['secrets.*'], IDENTITY)),
      /encrypting the same resource across groups is not supported/,
    ],
    [
      'a masked rule',
      configuration(rule(['*.'], IDENTITY), rule(['secrets'], IDENTITY)),
      /resource "secrets" is masked by earlier rule "\*\."/,
    ],
    ['a text', 'hello', /the document is no object/],
  ])('%s', (_name, text, error) => {
    expect(wrong(text)).toMatch(error);
    expect(wrong(text)).not.toContain(secretOf(1, 5));
  });
});
