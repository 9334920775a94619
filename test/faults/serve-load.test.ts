import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inMode } from './fault-mode.ts';
import { Figures } from './figures.ts';
import { type MeasuredServer, startMeasuredServer } from './measured-server.ts';
import { seededRandom } from './seeded-random.ts';

const CLIENTS = 64;
const WATCHERS = 200;
const OBJECTS = inMode({ short: 600, long: 10_000 });
const REQUESTS = inMode({ short: 8, long: 2000 });
const WARM_UP = inMode({ short: 3, long: 50 });
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const MEBIBYTE = 1024 * 1024;

const configMap = (name: string, value: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels: { group: name.slice(-1) } },
  data: { value },
});

/** Follows a collection; all followers from one revision on must get the same bytes. */
class Follower {
  readonly #hash = createHash('sha256');
  #tail = '';
  events = 0;
  stop = (): void => undefined;

  take(chunk: Buffer): void {
    this.#hash.update(chunk);
    for (const byte of chunk) if (byte === 10) this.events += 1;
    this.#tail = (this.#tail + chunk.toString('latin1')).slice(-2000);
  }

  saw(text: string): boolean {
    return this.#tail.includes(text);
  }

  digest(): string {
    return `${this.events} events ${this.#hash.copy().digest('hex')}`;
  }
}

/** What one client does: mostly reads, lists and changes of what is there; now and then it creates and deletes. */
async function work(server: MeasuredServer, client: number, requests: number, figures: Figures): Promise<number> {
  const random = seededRandom(`client ${client}, ${requests} requests`);
  const began = performance.now();
  const ask = async (wanted: number, ...request: Parameters<MeasuredServer['request']>): Promise<void> => {
    const { status, text } = await figures.timed(async () => server.request(...request));
    figures.runs += 1;
    if (status !== wanted) figures.lost(`${request[0]} ${request[1]}: ${status} ${text.slice(0, 200)}`);
  };
  for (let done = 0; done < requests; done++) {
    const object = `${CONFIG_MAPS}/c-${random.below(OBJECTS)}`;
    const kind = random.below(20);
    if (kind === 0) await ask(200, 'GET', `${CONFIG_MAPS}?limit=100`);
    else if (kind === 1) await ask(200, 'GET', `${CONFIG_MAPS}?limit=20&labelSelector=group%3D${random.below(10)}`);
    else if (kind === 2) {
      const own = `own-${client}`;
      await ask(201, 'POST', CONFIG_MAPS, configMap(own, `${done}`));
      await ask(200, 'DELETE', `${CONFIG_MAPS}/${own}`);
    } else if (kind < 7) {
      await ask(200, 'PATCH', object, { data: { value: `${client} ${done}` } }, 'application/merge-patch+json');
    } else await ask(200, 'GET', object);
  }
  return performance.now() - began;
}

async function together(count: number, body: (index: number) => Promise<void>, most = CLIENTS): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: most }, async () => {
      while (next < count) await body(next++);
    }),
  );
}

describe('serve', () => {
  let folder: string;
  let server: MeasuredServer;
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-load-'));
    server = await startMeasuredServer(path.join(folder, 'store'), CLIENTS);
  });
  afterAll(async () => {
    await server?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it(
    'answers 64 clients and 200 watchers without an error, fairly, and in steady memory',
    { timeout: 1_800_000 },
    async () => {
      const figures = new Figures('serve under load');
      await together(OBJECTS, async (index) => {
        const { status, text } = await server.request('POST', CONFIG_MAPS, configMap(`c-${index}`, 'x'.repeat(200)));
        if (status !== 201) figures.lost(`create c-${index}: ${status} ${text}`);
      });
      const list = await server.request('GET', `${CONFIG_MAPS}?limit=1`);
      const { resourceVersion } = (JSON.parse(list.text) as { metadata: { resourceVersion: string } }).metadata;
      const followers = Array.from({ length: WATCHERS }, () => new Follower());
      for (const follower of followers) {
        const url = `${CONFIG_MAPS}?watch=true&resourceVersion=${resourceVersion}`;
        follower.stop = (await server.watch(url, (chunk) => follower.take(chunk))).stop;
      }
      // What is made once, such as compiled code and caches, is made before the first measure.
      await together(CLIENTS, async (client) => void (await work(server, client, WARM_UP, figures)));
      const before = await server.heap();
      const times: number[] = [];
      const began = performance.now();
      await together(CLIENTS, async (client) => {
        times.push(await work(server, client, REQUESTS, figures));
      });
      const seconds = (performance.now() - began) / 1000;
      await server.request('POST', CONFIG_MAPS, configMap('the-end', 'x'));
      await expect.poll(() => followers.every((follower) => follower.saw('the-end')), { timeout: 120_000 }).toBe(true);
      const after = await server.heap();
      for (const follower of followers) follower.stop();
      const streams = new Set(followers.map((follower) => follower.digest()));
      times.sort((left, right) => left - right);
      const [fastest = 0, slowest = 0] = [times[0], times.at(-1)];
      figures.note('objects', OBJECTS);
      figures.note('requests a second', Math.round((CLIENTS * REQUESTS) / seconds));
      figures.note(
        'events',
        followers.reduce((sum, { events }) => sum + events, 0),
      );
      figures.note(
        'fastest and slowest client',
        `${(fastest / 1000).toFixed(1)} s and ${(slowest / 1000).toFixed(1)} s`,
      );
      figures.note(
        'heap',
        `${(before / MEBIBYTE).toFixed(1)} MiB at the start and ${(after / MEBIBYTE).toFixed(1)} MiB at the end`,
      );
      figures.finish();
      // All of them got each change, in order: the same bytes.
      expect(streams.size).toBe(1);
      expect(after - before).toBeLessThan(24 * MEBIBYTE);
      expect(slowest).toBeLessThan(10_000 + 3 * fastest);
    },
  );

  it('frees what clients that have gone used, and stops at once', { timeout: 300_000 }, async () => {
    const before = await server.heap();
    for (let round = 0; round < inMode({ short: 1, long: 20 }); round++) {
      const stops: (() => void)[] = [];
      await together(WATCHERS, async () => {
        stops.push(
          (
            await server.watch(
              `${CONFIG_MAPS}?watch=true&resourceVersion=0&limit=1&fieldSelector=metadata.name=c-1`,
              () => undefined,
            )
          ).stop,
        );
      });
      for (const stop of stops) stop();
    }
    const { status } = await server.request('GET', '/readyz');
    expect(status).toBe(200);
    expect((await server.heap()) - before).toBeLessThan(16 * MEBIBYTE);
    expect(await server.stop()).toBe(0);
  });
});
