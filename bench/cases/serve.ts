import { readFileSync } from 'node:fs';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Case } from '../bench.ts';
import { type KubeServer, startServer } from '../kube-server.ts';
import { measure, median } from '../measure.ts';
import { type Row, row } from '../row.ts';

const CLIENTS = 16;

/** The server itself. */
export const serve: Case = {
  name: 'serve',
  about: 'how fast serve is ready and stops, what it holds idle, and a mix of requests by 16 clients',
  run: async (bench) => [...(await lifeRows(bench)), ...(await mixRows(bench)), ...(await rateRows(bench))],
};

async function lifeRows(bench: Bench): Promise<Row[]> {
  const folder = bench.newFolder('life');
  const ratios: number[] = [];
  const ready: number[] = [];
  const stops: number[] = [];
  const idle: number[] = [];
  // The first start makes keys and certificates once and for all.
  await (await startServer(bench.program, folder)).stop();
  for (let run = 0; run < bench.size(1, 7); run++) {
    const server = await startServer(bench.program, folder);
    await sleep(bench.size(100, 1000));
    idle.push(residentMiB(server));
    stops.push(await server.stop());
    ready.push(server.readyMs);
    ratios.push(server.readyMs / (await measure([bench.bareNode])).wallMs);
  }
  const given = { case: 'serve', theirs: '' };
  const resident = median(idle);
  const stopMs = median(stops);
  const ours = `${median(ready).toFixed(0)} ms`;
  return [
    row({
      ...given,
      what: 'ready',
      ours,
      theirs: 'node -e 0',
      value: median(ratios),
      unit: 'x its time',
      goal: { atMost: 3 },
    }),
    row({
      ...given,
      what: 'idle',
      ours: `${resident.toFixed(0)} MiB`,
      value: resident,
      unit: 'MiB',
      goal: { atMost: 120 },
    }),
    row({ ...given, what: 'stop', ours: `${stopMs.toFixed(0)} ms`, value: stopMs, unit: 'ms', goal: { atMost: 100 } }),
  ];
}

function residentMiB({ process: { pid } }: KubeServer): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}

/** Each client creates, reads, lists, changes and deletes in turn, as fast as it is answered. */
async function mixRows(bench: Bench): Promise<Row[]> {
  const server = await startServer(bench.program, bench.newFolder('mix'));
  try {
    const send = sender(server);
    const until = performance.now() + bench.size(300, 5000);
    const began = performance.now();
    const times = (
      await Promise.all(Array.from({ length: CLIENTS }, async (_, client) => work(send, client, until)))
    ).flat();
    const perSecond = (times.length / (performance.now() - began)) * 1000;
    const sorted = [...times].sort((left, right) => left - right);
    const slow = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
    const ours = `${times.length} requests`;
    return [
      row({ case: 'serve', what: `mix of ${CLIENTS} clients`, ours, theirs: '', value: perSecond, unit: 'requests/s' }),
      row({ case: 'serve', what: 'mix, 99th percentile', ours, theirs: '', value: slow, unit: 'ms' }),
    ];
  } finally {
    await server.stop();
  }
}

/** One kind of request by all clients at once: how many a second, and how long the slowest hundredth takes. */
async function rateRows(bench: Bench): Promise<Row[]> {
  const server = await startServer(bench.program, bench.newFolder('rates'));
  try {
    const send = sender(server);
    const collection = '/api/v1/namespaces/default/configmaps';
    const object = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'b' } });
    await send('POST', collection, object('read'));
    const milliseconds = bench.size(200, 5000);
    return [
      ...(await rate('creates', 1000, milliseconds, async (client, turn) =>
        send('POST', collection, object(`rate-${client}-${turn}`)),
      )),
      ...(await rate('gets', 2000, milliseconds, async () => send('GET', `${collection}/read`))),
    ];
  } finally {
    await server.stop();
  }
}

async function rate(
  what: string,
  atLeast: number,
  milliseconds: number,
  request: (client: number, turn: number) => Promise<unknown>,
): Promise<Row[]> {
  const times: number[] = [];
  const began = performance.now();
  const client = async (_: unknown, number: number): Promise<void> => {
    for (let turn = 0; performance.now() < began + milliseconds; turn++) {
      const sent = performance.now();
      await request(number, turn);
      times.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const value = (times.length / (performance.now() - began)) * 1000;
  const slow = times.sort((left, right) => left - right)[Math.floor(times.length * 0.99)] ?? 0;
  const given = { case: 'serve', ours: `${times.length} requests`, theirs: '' };
  return [
    row({ ...given, what: `${what} by ${CLIENTS} clients`, value, unit: 'requests/s', goal: { atLeast } }),
    row({ ...given, what: `${what}, 99th percentile`, value: slow, unit: 'ms' }),
  ];
}

type Send = (method: string, path: string, body?: unknown) => Promise<string>;

function sender(server: KubeServer): Send {
  const text = readFileSync(server.kubeconfig, 'utf8');
  const ca = /certificate-authority-data["']?: ["']?([\w+/=]+)/.exec(text)?.[1];
  const token = /token["']?: ["']?([^\s"']+)/.exec(text)?.[1];
  if (ca === undefined || token === undefined) throw new Error('serve wrote a kubeconfig of another shape');
  const agent = new https.Agent({ keepAlive: true, ca: Buffer.from(ca, 'base64'), maxSockets: CLIENTS });
  return async (method, path, body) => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${token}`,
      ...(sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
    };
    return new Promise((resolve, reject) => {
      const request = https.request(new URL(path, server.url), { method, agent, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => void chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const answered = Buffer.concat(chunks).toString();
          if ((answer.statusCode ?? 0) < 400) resolve(answered);
          else reject(new Error(`${method} ${path}: ${answer.statusCode} ${answered}`));
        });
      });
      request.on('error', reject);
      request.end(sent);
    });
  };
}

async function work(send: Send, client: number, until: number): Promise<number[]> {
  const times: number[] = [];
  const timed: Send = async (method, path, body) => {
    const began = performance.now();
    const answer = await send(method, path, body);
    times.push(performance.now() - began);
    return answer;
  };
  const collection = '/api/v1/namespaces/default/configmaps';
  for (let turn = 0; performance.now() < until; turn++) {
    const name = `mix-${client}-${turn}`;
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'b' } };
    await timed('POST', collection, object);
    for (let read = 0; read < 4; read++) await timed('GET', `${collection}/${name}`);
    await timed('GET', `${collection}?limit=50`);
    await timed('PUT', `${collection}/${name}`, { ...object, data: { a: 'c' } });
    await timed('DELETE', `${collection}/${name}`);
  }
  return times;
}
