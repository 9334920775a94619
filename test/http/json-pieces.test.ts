import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isLongList, jsonPieces, MANY_OBJECTS } from '../../src/http/json-pieces.ts';
import { sendResponse } from '../../src/http/send-response.ts';
import { wireJsonText } from '../../src/model/wire-json.ts';

const items = Array.from({ length: MANY_OBJECTS + 77 }, (_, number) => ({
  metadata: { name: `n-${number}` },
  data: { text: 'ä"\n' },
  big: 2n ** 62n,
}));
const BODIES = {
  list: { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items },
  'list of custom resources': {
    apiVersion: 'a.b/v1',
    items,
    kind: 'CList',
    metadata: { continue: '', left: undefined },
  },
  table: { kind: 'Table', apiVersion: 'meta.k8s.io/v1', columnDefinitions: [], rows: items },
};

describe('jsonPieces', () => {
  it.each(Object.entries(BODIES))('is the text of the whole %s', (_what, body) => {
    expect(isLongList(body)).toBe(true);
    const pieces = [...jsonPieces(body)];
    expect(pieces.length).toBeGreaterThan(4);
    expect(pieces.join('')).toBe(`${wireJsonText(body)}\n`);
  });

  it.each([undefined, null, 'text', [1], {}, { items: items.slice(0, MANY_OBJECTS) }, { items: 'no' }])(
    'is not for anything else',
    (body) => expect(isLongList(body)).toBe(false),
  );
});

describe('sendResponse', () => {
  it.each(['identity', 'gzip'])('sends a long list as it is made, %s', async (encoding) => {
    const server = http.createServer((request, response) => {
      void sendResponse(request, response, { status: 200, headers: {}, body: BODIES.list });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    try {
      const { port } = server.address() as AddressInfo;
      const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
        http
          .get({ port, host: '127.0.0.1', headers: { 'accept-encoding': encoding }, agent: false }, resolve)
          .on('error', reject);
      });
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      const bytes = Buffer.concat(chunks);
      expect(answer.headers['content-encoding']).toBe(encoding === 'gzip' ? 'gzip' : undefined);
      expect(answer.headers['content-type']).toBe('application/json');
      const text = (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString();
      expect(text === `${wireJsonText(BODIES.list)}\n`).toBe(true);
    } finally {
      await new Promise((resolve) => {
        server.close(resolve);
      });
    }
  });
});
