import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';

/** Encrypts and decrypts what stands after a value's `k8s:enc:PROVIDER:v1:KEY:`. `key` is the etcd key. */
export interface ValueCipher {
  /** Throws an Error worded as kube-apiserver words it. */
  open(data: Buffer, key: Buffer): Buffer;
  seal(value: Buffer, key: Buffer): Buffer;
}

const TOO_SHORT = 'the stored data was shorter than the required size';
const BLOCK = 16;
const GCM_NONCE = 12;
const GCM_TAG = 16;
const BOX_NONCE = 24;
const BOX_TAG = 16;

/** AES in CBC mode: a random IV, then the value with PKCS#7 padding. It vouches for nothing. */
export function aesCbc(secret: Buffer): ValueCipher {
  const algorithm = `aes-${secret.length * 8}-cbc`;
  return {
    open(data) {
      if (data.length < BLOCK) throw new Error(TOO_SHORT);
      const body = data.subarray(BLOCK);
      if (body.length % BLOCK !== 0) throw new Error('the stored data is not a multiple of the block size');
      const decipher = createDecipheriv(algorithm, secret, data.subarray(0, BLOCK)).setAutoPadding(false);
      return withoutPadding(Buffer.concat([decipher.update(body), decipher.final()]));
    },
    seal(value) {
      const iv = randomBytes(BLOCK);
      const cipher = createCipheriv(algorithm, secret, iv);
      return Buffer.concat([iv, cipher.update(value), cipher.final()]);
    },
  };
}

function withoutPadding(padded: Buffer): Buffer {
  const size = padded.at(-1) ?? 0;
  if (size === 0 || size > padded.length) throw new Error('invalid PKCS7 data (empty or not padded)');
  const end = padded.length - size;
  if (padded.subarray(end).some((byte) => byte !== size)) throw new Error('invalid padding on input');
  return padded.subarray(0, end);
}

/** AES in GCM mode: a random nonce, the value, a tag. The etcd key is authenticated with it: no value can be moved to another key. */
export function aesGcm(secret: Buffer): ValueCipher {
  const algorithm = `aes-${secret.length * 8}-gcm` as 'aes-256-gcm';
  return {
    open(data, key) {
      if (data.length < GCM_NONCE) throw new Error(TOO_SHORT);
      const end = data.length - GCM_TAG;
      try {
        if (end < GCM_NONCE) throw new Error(TOO_SHORT);
        const options = { authTagLength: GCM_TAG };
        const decipher = createDecipheriv(algorithm, secret, data.subarray(0, GCM_NONCE), options);
        decipher.setAAD(key).setAuthTag(data.subarray(end));
        return Buffer.concat([decipher.update(data.subarray(GCM_NONCE, end)), decipher.final()]);
      } catch (error) {
        throw new Error('cipher: message authentication failed', { cause: error });
      }
    },
    seal(value, key) {
      const nonce = randomBytes(GCM_NONCE);
      const cipher = createCipheriv(algorithm, secret, nonce, { authTagLength: GCM_TAG }).setAAD(key);
      return Buffer.concat([nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
    },
  };
}

/** NaCl's secretbox (XSalsa20 and Poly1305): a random nonce, a tag, the value. */
export function secretbox(secret: Buffer): ValueCipher {
  return {
    open(data) {
      if (data.length < BOX_NONCE + BOX_TAG) throw new Error(TOO_SHORT);
      try {
        return Buffer.from(xsalsa20poly1305(secret, data.subarray(0, BOX_NONCE)).decrypt(data.subarray(BOX_NONCE)));
      } catch (error) {
        // kube-apiserver's own words for a tag that does not fit.
        throw new Error('output array was not large enough for encryption', { cause: error });
      }
    },
    seal(value) {
      const nonce = randomBytes(BOX_NONCE);
      return Buffer.concat([nonce, xsalsa20poly1305(secret, nonce).encrypt(value)]);
    },
  };
}
