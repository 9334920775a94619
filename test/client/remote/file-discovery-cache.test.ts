import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileDiscoveryCache } from '../../../src/client/remote/file-discovery-cache.ts';
import { type Ran, run } from '../../commands/run-program.ts';

const HOUR = 60 * 60 * 1000;

interface Served {
  readonly version: string;
  readonly scope: 'Namespaced' | 'Cluster';
}

const CRONTABS = { group: 'example.com', plural: 'crontabs', kind: 'CronTab', short: 'ct' };

/** A server that serves a custom resource or does not, and counts what it is asked. */
class DefiningServer {
  /** The custom resource as it is served now; undefined: it is not defined. */
  served: Served | undefined = { version: 'v1', scope: 'Namespaced' };
  isStale = false;
  readonly requests: string[] = [];
  readonly #server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://server');
    this.requests.push(`${request.method} ${pathname}`);
    const body = this.#answer(pathname);
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': body === undefined ? 'text/plain' : 'application/json',
    });
    response.end(body === undefined ? '404 page not found' : JSON.stringify(body));
  });

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get discoveries(): string[] {
    return this.requests.filter((each) => /^GET [/]apis?$/.test(each));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(pathname: string): unknown {
    const { group, plural, kind, short } = CRONTABS;
    const list = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items: [] as unknown[] };
    if (pathname === '/api') return list;
    if (pathname === '/apis') {
      if (this.served === undefined) return list;
      const { version, scope } = this.served;
      const resources = [
        {
          resource: plural,
          responseKind: { group, version, kind },
          scope,
          singularResource: 'crontab',
          verbs: ['get', 'list', 'delete'],
          shortNames: [short],
        },
      ];
      const freshness = this.isStale ? 'Stale' : 'Current';
      return { ...list, items: [{ metadata: { name: group }, versions: [{ version, resources, freshness }] }] };
    }
    if (this.served === undefined) return undefined;
    const { version, scope } = this.served;
    const folder = scope === 'Namespaced' ? '/namespaces/default' : '';
    if (pathname !== `/apis/${group}/${version}${folder}/${plural}/my`) return undefined;
    return { apiVersion: `${group}/${version}`, kind, metadata: { name: 'my' } };
  }
}

let root: string;
let server: DefiningServer;

beforeEach(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'discovery-cache-'));
  server = new DefiningServer();
  await server.start();
});
afterEach(async () => {
  await server.stop();
  fs.rmSync(root, { recursive: true, force: true });
});

const cacheFile = (): string =>
  path.join(root, 'cache', 'discovery', server.url.slice('http://'.length).replace(':', '_'), 'kube-lite.json');

async function kubectl(...args: string[]): Promise<Ran> {
  return run([...args, `--server=${server.url}`], { env: { KUBECACHEDIR: path.join(root, 'cache') } });
}

const GOT = { status: 0, output: 'crontab.example.com/my\n', errors: '' };
const UNKNOWN = { status: 1, output: '', errors: `error: the server doesn't have a resource type "ct"\n` };
const get = async (): Promise<Ran> => kubectl('get', 'ct', 'my', '-o', 'name');

describe('discovery between processes', () => {
  it('is asked for once, kept in a file for its owner, and not needed by built-in kinds', async () => {
    await kubectl('get', 'configmap', 'my', '-o', 'name');
    expect(server.discoveries).toEqual([]);
    expect(fs.existsSync(cacheFile())).toBe(false);
    expect(await get()).toEqual(GOT);
    expect(server.discoveries.toSorted()).toEqual(['GET /api', 'GET /apis']);
    expect(fs.statSync(cacheFile()).mode & 0o777).toBe(0o600);
    expect(await get()).toEqual(GOT);
    expect(await kubectl('get', 'crontabs.example.com/my', '-o', 'name')).toEqual(GOT);
    expect(server.discoveries).toHaveLength(2);
    expect(fs.readdirSync(path.dirname(cacheFile()))).toEqual(['kube-lite.json']);
  });

  it('is kept where --cache-dir says', async () => {
    const folder = path.join(root, 'other');
    await kubectl('get', 'ct', 'my', `--cache-dir=${folder}`);
    expect(fs.existsSync(cacheFile())).toBe(false);
    expect(fs.readdirSync(path.join(folder, 'discovery'))).toHaveLength(1);
  });

  for (const [name, hours, requests] of [
    ['is believed for nearly six hours', -5.9, 2],
    ['is asked for again after six hours', -6.1, 4],
    ['is asked for again when the file is from the future', 7, 4],
  ] as const) {
    it(name, async () => {
      await get();
      const then = new Date(Date.now() + hours * HOUR);
      fs.utimesSync(cacheFile(), then, then);
      expect(await get()).toEqual(GOT);
      expect(server.discoveries).toHaveLength(requests);
    });
  }

  it('is asked for when the file is cut, empty, binary, another document, or no file', async () => {
    await get();
    const whole = fs.readFileSync(cacheFile(), 'utf8');
    const broken = [
      whole.slice(0, -20),
      '',
      '\0\u0001\uffff',
      'null',
      '[]',
      whole.replace(server.url, 'http://other'),
      whole.replace('/v1', '/v0'),
      whole.replace('"namespaced":true', '"namespaced":"true"'),
      whole.replace('"verbs":["get"', '"verbs":[1'),
      whole.replace(/"resources":.*/, '"resources":[]}'),
    ];
    for (const [index, text] of broken.entries()) {
      expect(text).not.toBe(whole);
      fs.writeFileSync(cacheFile(), text);
      expect(await get()).toEqual(GOT);
      expect(server.discoveries).toHaveLength(4 + 2 * index);
      expect(fs.readFileSync(cacheFile(), 'utf8')).toBe(whole);
    }
    fs.rmSync(cacheFile());
    fs.mkdirSync(cacheFile());
    expect(await get()).toEqual(GOT);
    expect(fs.readdirSync(path.dirname(cacheFile()))).toEqual(['kube-lite.json']);
  });

  it('is not kept where no folder can be made, which is no error', async () => {
    fs.writeFileSync(path.join(root, 'cache'), 'a file');
    expect(await get()).toEqual(GOT);
    expect(await get()).toEqual(GOT);
    expect(server.discoveries).toHaveLength(4);
  });

  it('is not kept when a part of it is old', async () => {
    server.isStale = true;
    expect(await get()).toEqual(GOT);
    expect(fs.existsSync(cacheFile())).toBe(false);
  });

  it('is refreshed for a kind that is not in it', async () => {
    const { served } = server;
    await get();
    server.served = undefined;
    expect(await kubectl('api-resources', '-o', 'name')).toMatchObject({ output: '' });
    fs.rmSync(cacheFile(), { force: true });
    expect(await get()).toEqual(UNKNOWN);
    server.served = served;
    expect(await get()).toEqual(GOT);
  });

  it('finds a kind the moment that it is defined, though the file knows others', async () => {
    await get();
    const whole = fs.readFileSync(cacheFile(), 'utf8');
    fs.writeFileSync(cacheFile(), whole.replaceAll('crontab', 'gadget').replace('"ct"', '"gd"'));
    expect(await get()).toEqual(GOT);
    expect(server.discoveries).toHaveLength(4);
    expect(fs.readFileSync(cacheFile(), 'utf8')).toBe(whole);
  });

  it('is looked at afresh once when the server does not know a kind in it', async () => {
    await get();
    server.served = undefined;
    server.requests.length = 0;
    expect(await get()).toEqual(UNKNOWN);
    expect(server.requests).toHaveLength(3);
    expect(await kubectl('delete', 'ct', 'my')).toEqual(UNKNOWN);
  });

  it('follows a kind to another version, for what has no body', async () => {
    await get();
    server.served = { version: 'v2', scope: 'Namespaced' };
    expect(await get()).toEqual(GOT);
    expect(server.discoveries).toHaveLength(4);
    expect(await get()).toEqual(GOT);
    expect(server.discoveries).toHaveLength(4);
  });

  it('does not guess when a kind has left its namespaces, and knows the next time', async () => {
    await get();
    server.served = { version: 'v1', scope: 'Cluster' };
    expect(await get()).toEqual({
      status: 1,
      output: '',
      errors:
        'Error from server (NotFound): the server could not find the requested resource (get crontabs.example.com my)\n',
    });
    expect(await get()).toEqual(GOT);
  });

  it('serves api-resources only with --cached', async () => {
    await get();
    server.served = undefined;
    expect((await kubectl('api-resources', '-o', 'name', '--cached')).output).toBe('crontabs.example.com\n');
    expect((await kubectl('api-resources', '-o', 'name')).output).toBe('');
  });

  it('is whole whoever writes it at the same time', async () => {
    const cache = fileDiscoveryCache({ folder: root, server: new URL(server.url), now: () => new Date() });
    const info = (plural: string, verbs: string[]) => ({
      group: 'g',
      version: 'v1',
      plural,
      singular: '',
      kind: 'K',
      namespaced: true,
      verbs,
      shortNames: [],
      categories: [],
      subresources: [],
    });
    const answers = Array.from({ length: 20 }, (_, index) => [info(`p${index}`, Array<string>(index * 500).fill('v'))]);
    await cache.write(answers[0] ?? []);
    const read = async (): Promise<void> => {
      for (let times = 0; times < 50; times++) expect(answers).toContainEqual(await cache.read());
    };
    await Promise.all([read(), read(), ...answers.map(async (each) => cache.write(each))]);
  });
});
