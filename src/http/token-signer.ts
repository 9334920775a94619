import crypto from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { isJsonObject } from '../model/json-value.ts';
import type { TokenClaims, TokenSigner } from '../model/token-signer.ts';
import { makePrivateFolder, readPrivateFile, writePrivateFile } from './private-file.ts';

const ISSUER = 'https://kubernetes.default.svc.cluster.local';

/**
 * The signer of the tokens of service accounts (RS256). Its key is kept in a folder as `sa.key`, so that a token outlives the
 * server that made it.
 */
export async function loadTokenSigner(folder: string): Promise<TokenSigner> {
  await makePrivateFolder(folder);
  const key = await keptKey(path.join(folder, 'sa.key'));
  const publicKey = crypto.createPublicKey(key);
  const keyId = crypto
    .createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  return {
    issuer: ISSUER,
    audiences: [ISSUER],
    sign: (claims) => signedToken(claims, key, keyId),
    verify: (token) => verifiedClaims(token, publicKey),
  };
}

async function keptKey(file: string): Promise<crypto.KeyObject> {
  const kept = await readPrivateFile(file);
  if (kept !== undefined) return crypto.createPrivateKey(kept);
  const { privateKey } = await promisify(crypto.generateKeyPair)('rsa', { modulusLength: 2048 });
  await writePrivateFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  return privateKey;
}

function signedToken(claims: TokenClaims, key: crypto.KeyObject, keyId: string): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid: keyId })}.${part(claims)}`;
  return `${text}.${crypto.sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

function verifiedClaims(token: string, key: crypto.KeyObject): TokenClaims | undefined {
  const [head = '', body = '', signature = '', ...rest] = token.split('.');
  if (signature === '' || rest.length > 0) return undefined;
  const header = decoded(head);
  // The only algorithm that is ever signed with: nobody else's choice is followed.
  if (header?.['alg'] !== 'RS256') return undefined;
  const good = crypto.verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
  return good ? decoded(body) : undefined;
}

function decoded(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
