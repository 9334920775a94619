import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomnessOf, systemRandomness } from '../../src/apiserver/randomness.ts';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

describe('randomness', () => {
  it.each(['/dev/urandom', '/nonexistent/urandom'])(
    'makes ids of version 4 that are all different, from %s',
    (device) => {
      const randomness = systemRandomness(device);
      const ids = Array.from({ length: 3000 }, () => randomness.uuid());
      expect(ids.filter((id) => !UUID.test(id))).toEqual([]);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );

  it('never gives the same bytes to two handlers', () => {
    const [one, other] = [systemRandomness(), systemRandomness()];
    const ids = Array.from({ length: 100 }, () => [one.uuid(), other.uuid()]).flat();
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('does without a device that gives too little', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kube-lite-random-'));
    try {
      const device = join(folder, 'short');
      writeFileSync(device, Buffer.alloc(3));
      const randomness = systemRandomness(device);
      expect(new Set([randomness.uuid(), randomness.uuid()]).size).toBe(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('sets version and variant, and leaves every other bit as it came', () => {
    expect(randomnessOf((length) => Buffer.alloc(length, 0xff)).uuid()).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
    expect(randomnessOf((length) => Buffer.alloc(length)).uuid()).toBe('00000000-0000-4000-8000-000000000000');
  });

  it('makes letters of Kubernetes’ alphabet alone, each as likely as another', () => {
    let next = 0;
    const randomness = randomnessOf((length) => Buffer.from(Array.from({ length }, () => next++ % 256)));
    const letters = randomness.letters(243 * 4);
    expect(letters).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]*$/);
    const each = [...new Set(letters)].map((letter) => letters.split(letter).length - 1);
    expect(new Set(each)).toEqual(new Set([36]));
  });
});
