import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWatchEvents } from '../../../src/client/remote/watch-decoder.ts';
import type { WatchEvent } from '../../../src/model/api-message.ts';

async function decode(chunks: Buffer[]): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  const source = (async function* source(): AsyncGenerator<Buffer> {
    yield* chunks;
  })();
  for await (const event of decodeWatchEvents(source)) events.push(event);
  return events;
}

describe('decodeWatchEvents', () => {
  it('finds the same events wherever the body is cut', async () => {
    const object = fc.record({ name: fc.string({ unit: 'grapheme' }), count: fc.integer() });
    const property = fc.asyncProperty(fc.array(object), fc.array(fc.nat(2000)), async (objects, cuts) => {
      const sent = objects.map((each) => ({ type: 'ADDED' as const, object: { ...each } }));
      const body = Buffer.from(sent.map((event) => `${JSON.stringify(event)}\n`).join(''));
      const places = [0, ...cuts.filter((cut) => cut < body.length).sort((a, b) => a - b), body.length];
      const chunks = places.slice(1).map((end, index) => body.subarray(places[index], end));
      expect(await decode(chunks)).toEqual(sent);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  it('takes a last line without an end, and integers beyond 2^53', async () => {
    const events = await decode([Buffer.from('\n{"type":"BOOKMARK","object":{"n":9007199254740993}}')]);
    expect(events).toEqual([{ type: 'BOOKMARK', object: { n: 9007199254740993n } }]);
  });

  it('refuses half an event, and lines that are none', async () => {
    await expect(decode([Buffer.from('{"type":"ADDED","obj')])).rejects.toThrow('unexpected EOF');
    for (const line of ['<html>\n', '{"kind":"Status"}\n', '{"type":"OTHER","object":{}}\n', '[]\n']) {
      await expect(decode([Buffer.from(line)])).rejects.toThrow('unable to decode an event from the watch stream');
    }
  });
});
