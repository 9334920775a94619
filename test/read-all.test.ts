import { describe, expect, it } from 'vitest';
import { readAll } from '../src/read-all.ts';
import { UserError } from '../src/model/user-error.ts';

/** Chunks of ten bytes, and how many were asked for. */
function source(count: number): { chunks: AsyncIterable<Buffer>; state: { asked: number; closed: boolean } } {
  const state = { asked: 0, closed: false };
  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      for (; state.asked < count;) {
        state.asked += 1;
        yield Buffer.alloc(10, 'x');
      }
    } finally {
      state.closed = true;
    }
  }
  return { chunks: chunks(), state };
}

describe('readAll', () => {
  it('takes as much as is allowed, and nothing', async () => {
    expect(await readAll(source(10).chunks, 100)).toEqual(Buffer.alloc(100, 'x'));
    expect(await readAll(source(0).chunks, 0)).toEqual(Buffer.alloc(0));
  });

  it('refuses what has no end at the first byte too many, and leaves the rest', async () => {
    const { chunks, state } = source(Infinity);
    await expect(readAll(chunks, 99)).rejects.toEqual(new UserError('standard input has more than 99 bytes'));
    expect(state).toEqual({ asked: 10, closed: true });
  });

  it('by itself allows 512 MiB', async () => {
    // The same memory again and again: only its length counts.
    const chunk = Buffer.alloc(1);
    Object.defineProperty(chunk, 'length', { value: 512 * 1024 * 1024 });
    const endless = async function* (): AsyncGenerator<Buffer> {
      for (;;) yield chunk;
    };
    await expect(readAll(endless())).rejects.toThrow('standard input has more than 536870912 bytes');
  });
});
