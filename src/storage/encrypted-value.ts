const ENCRYPTED = Buffer.from('k8s:enc:', 'latin1');
const LONGEST_HEAD = 400;

/** Whether a stored value is encrypted at rest by a kube-apiserver. */
export function isEncryptedValue(value: Buffer): boolean {
  // An object in protobuf begins with the same three bytes, and a list asks this of each.
  return value[3] === ENCRYPTED[3] && value.subarray(0, ENCRYPTED.length).equals(ENCRYPTED);
}

/**
 * Who encrypted a stored value, for messages: `aescbc with the key "key1"`, `the KMS v2 plugin "vault"`; undefined when it is
 * not encrypted. Values begin with `k8s:enc:PROVIDER:v1:KEY:`.
 */
export function encryptedWith(value: Buffer): string | undefined {
  if (!isEncryptedValue(value)) return undefined;
  const [, , provider = '', version = '', name, rest] = value.toString('latin1', 0, LONGEST_HEAD).split(':');
  if (!/^[a-z0-9]+$/.test(provider) || name === undefined || rest === undefined) return 'an unknown provider';
  const text = JSON.stringify(Buffer.from(name, 'latin1').toString('utf8'));
  return provider === 'kms' ? `the KMS ${version} plugin ${text}` : `${provider} with the key ${text}`;
}
