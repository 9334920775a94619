import crypto from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { isJsonObject } from '../model/json-value.ts';
import type { TokenClaims, TokenSigner } from '../model/token-signer.ts';
import { makePrivateFolder, readPrivateFile, writePrivateFile } from './private-file.ts';

const ISSUER = 'https://kubernetes.default.svc.cluster.local';

/**
 * The signer of the tokens of service accounts (RS256). Its key is kept in a folder as `sa.key`, so that a token outlives the
 * server that made it; it is read, or made, when the first token is (an RSA key takes longer to make than a server to start).
 */
export async function loadTokenSigner(folder: string): Promise<TokenSigner> {
  await makePrivateFolder(folder);
  let loading: Promise<SigningKey> | undefined;
  const loaded = async (): Promise<SigningKey> => {
    loading ??= signingKey(path.join(folder, 'sa.key')).catch((error: unknown) => {
      // The next token tries again.
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    issuer: ISSUER,
    audiences: [ISSUER],
    async sign(claims) {
      const { key, keyId } = await loaded();
      return signedToken(claims, key, keyId);
    },
    verify: async (token) => verifiedClaims(token, (await loaded()).publicKey),
  };
}

interface SigningKey {
  readonly key: crypto.KeyObject;
  readonly publicKey: crypto.KeyObject;
  readonly keyId: string;
}

async function signingKey(file: string): Promise<SigningKey> {
  const key = await keptKey(file);
  const publicKey = crypto.createPublicKey(key);
  const keyId = crypto
    .createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  return { key, publicKey, keyId };
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
