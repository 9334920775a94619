import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aesCbc, aesGcm, secretbox } from '../../../src/storage/encryption/value-cipher.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const KEY = Buffer.from('/registry/secrets/default/s');

describe('published vectors', () => {
  it('opens what NaCl boxes', () => {
    const cipher = secretbox(hex('1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389'));
    const nonce = '69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37';
    const boxed =
      'f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5';
    const plain =
      'be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705';
    expect(cipher.open(hex(nonce + boxed), KEY).toString('hex')).toBe(plain);
  });

  it('opens what AES-GCM seals with additional data', () => {
    const cipher = aesGcm(hex('feffe9928665731c6d6a8f9467308308'));
    const sealed =
      'cafebabefacedbaddecaf88842831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47';
    expect(cipher.open(hex(sealed), hex('feedfacedeadbeeffeedfacedeadbeefabaddad2')).toString('hex')).toBe(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    );
  });

  it('opens what AES-CBC seals, less its padding', () => {
    const cipher = aesCbc(hex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4'));
    const sealed =
      '000102030405060708090a0b0c0d0e0ff58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b';
    // The vector has no padding of its own: its last byte says that there is none.
    expect(() => cipher.open(hex(sealed), KEY)).toThrow(/PKCS7|padding/);
  });
});

const CIPHERS = {
  aescbc: [aesCbc, [16, 24, 32]],
  aesgcm: [aesGcm, [16, 24, 32]],
  secretbox: [secretbox, [32]],
} as const;

describe.each(Object.entries(CIPHERS))('%s', (name, [make, sizes]) => {
  it('opens what it sealed, whatever the value, and seals it differently each time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...sizes), fc.nat(255), (bytes, size, fill) => {
        const cipher = make(Buffer.alloc(size, fill));
        const value = Buffer.from(bytes);
        const sealed = cipher.seal(value, KEY);
        expect(sealed.equals(cipher.seal(value, KEY))).toBe(false);
        expect(cipher.open(sealed, KEY).equals(value)).toBe(true);
      }),
    );
  });

  it('refuses what is cut short, in the words of kube-apiserver', () => {
    const cipher = make(Buffer.alloc(32, 1));
    expect(() => cipher.open(Buffer.alloc(3), KEY)).toThrow('the stored data was shorter than the required size');
    const sealed = cipher.seal(Buffer.from('value'), KEY);
    expect(() => cipher.open(sealed.subarray(0, sealed.length - 1), KEY)).toThrow();
  });

  // CBC vouches for nothing: what another key sealed mostly has wrong padding, and sometimes not.
  if (name === 'aescbc') return;
  it('refuses what another key sealed, and what was changed', () => {
    const sealed = make(Buffer.alloc(32, 1)).seal(Buffer.from('value'), KEY);
    const why =
      name === 'aesgcm' ? 'cipher: message authentication failed' : 'output array was not large enough for encryption';
    expect(() => make(Buffer.alloc(32, 2)).open(sealed, KEY)).toThrow(why);
    for (let index = 0; index < sealed.length; index++) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => make(Buffer.alloc(32, 1)).open(changed, KEY)).toThrow(why);
    }
  });
});

it('aesgcm refuses a value that was moved to another key', () => {
  const cipher = aesGcm(Buffer.alloc(32, 1));
  const sealed = cipher.seal(Buffer.from('value'), KEY);
  expect(() => cipher.open(sealed, Buffer.from('/registry/secrets/default/other'))).toThrow(
    'cipher: message authentication failed',
  );
});

it('aescbc says what is wrong with the padding', () => {
  const cipher = aesCbc(Buffer.alloc(32, 1));
  expect(() => cipher.open(Buffer.alloc(16), KEY)).toThrow('invalid PKCS7 data (empty or not padded)');
  expect(() => cipher.open(Buffer.alloc(20), KEY)).toThrow('the stored data is not a multiple of the block size');
});
