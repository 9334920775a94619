import { readFile } from 'node:fs/promises';
import { UserError } from '../../model/user-error.ts';
import type { EtcdOptions } from './etcd-options.ts';

/** What TLS needs, in PEM. */
export interface TlsMaterial {
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  readonly insecureSkipVerify: boolean;
}

/** Reads the files that the options name. Rejects with UserError when one cannot be read, or a key has no certificate. */
export async function readTlsMaterial(options: EtcdOptions): Promise<TlsMaterial> {
  const { caFile, certFile, keyFile, insecureSkipVerify = false } = options;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new UserError("etcd's client certificate and key must be given together");
  }
  return {
    ca: await readPem(caFile, 'CA certificate'),
    cert: await readPem(certFile, 'client certificate'),
    key: await readPem(keyFile, 'client key'),
    insecureSkipVerify,
  };
}

async function readPem(path: string | undefined, what: string): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^\w+: /, '') : String(error);
    throw new UserError(`cannot read etcd's ${what} ${path}: ${why}`, { cause: error });
  }
}
