import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import type { KubeObject } from '../../model/kube-object.ts';
import { objectHash } from '../../model/object-hash.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { requireOneName } from '../resource-words.ts';
import { systemMessage } from './data-sources.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';
import { secretData } from './secret-data.ts';

interface TlsOptions {
  readonly name: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly appendHash: boolean;
  readonly common: GeneratorOptions;
}

/** `create secret tls`: from a certificate and its private key, which must belong together. */
export const createSecretTls: Command = defineCommand<TlsOptions>({
  use: 'tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
  description: `Create a TLS secret from a certificate and its private key.

 Both are PEM files. The private key must be the one that the certificate was made for.`,
  examples: [
    { comment: 'From a pair of files', command: 'kubectl create secret tls tls-secret --cert=tls.crt --key=tls.key' },
  ],
  flags: [
    ...generatorFlags,
    { name: 'append-hash', type: 'bool', default: 'false', usage: 'Append a hash of the secret to its name.' },
    { name: 'cert', type: 'string', usage: 'Certificate file in PEM form.' },
    { name: 'key', type: 'string', usage: 'Private key file in PEM form.' },
  ],
  refusesFirst: 'format-after-name',
  parse({ args, argsBeforeDash, flags }) {
    const name = requireOneName(args, argsBeforeDash);
    const certFile = flags.string('cert');
    const keyFile = flags.string('key');
    if (certFile === '' || keyFile === '') throw new UserError('key and cert must be specified');
    return { name, certFile, keyFile, appendHash: flags.bool('append-hash'), common: generatorOptions(flags) };
  },
  async run({ name, certFile, keyFile, appendHash, common }, context) {
    const cert = readFile(certFile);
    const key = readFile(keyFile);
    checkPair(cert, key);
    const object: KubeObject = {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name },
      data: secretData([
        { key: 'tls.crt', value: cert },
        { key: 'tls.key', value: key },
      ]),
      type: 'kubernetes.io/tls',
    };
    if (appendHash) object.metadata.name = `${name}-${objectHash(object)}`;
    await createGenerated({ object, failure: 'failed to create secret ' }, common, context);
  },
});

function readFile(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new UserError(`Cannot read file ${file}, open ${file}: ${systemMessage(error)}`, { cause: error });
  }
}

/** Refuses what Go's tls.X509KeyPair refuses, in its words. */
function checkPair(cert: Buffer, key: Buffer): void {
  if (!/-----BEGIN [^-]+-----/.test(cert.toString('latin1'))) {
    throw new UserError('tls: failed to find any PEM data in certificate input');
  }
  if (!/-----BEGIN CERTIFICATE-----/.test(cert.toString('latin1'))) {
    throw new UserError(
      'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
    );
  }
  if (!/-----BEGIN [^-]*PRIVATE KEY-----/.test(key.toString('latin1'))) {
    throw new UserError('tls: failed to find any PEM data in key input');
  }
  const certificate = parsed(() => new X509Certificate(cert), 'x509: malformed certificate');
  const privateKey: KeyObject = parsed(() => createPrivateKey(key), 'tls: failed to parse private key');
  if (!certificate.checkPrivateKey(privateKey)) throw new UserError('tls: private key does not match public key');
}

function parsed<T>(parse: () => T, problem: string): T {
  try {
    return parse();
  } catch (error) {
    throw new UserError(problem, { cause: error });
  }
}
