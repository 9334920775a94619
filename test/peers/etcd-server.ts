import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import type { Machine } from './namespace-network.ts';
import { createTestAuthority, type TestAuthority } from './test-authority.ts';

export interface EtcdServerOptions {
  /** Serves https only, and wants client certificates. */
  readonly tls?: boolean;
  /** Enables authentication, with user `root` and user `limited`, who may only use keys below `/allowed/`. */
  readonly auth?: boolean;
  /** 1 when absent. */
  readonly members?: number;
  readonly quotaBytes?: number;
  /** How often a watch without changes reports; a second when absent. */
  readonly progressInterval?: string;
  readonly args?: readonly string[];
  /** Where the members find each other, when that is not where they listen: a proxy's addresses. */
  readonly advertise?: (ports: { peers: readonly number[]; clients: readonly number[] }) => Promise<readonly string[]>;
  /** Where each member runs, when that is not on loopback. */
  readonly machines?: readonly Machine[];
  /** Fills the members' data directories before they start. */
  readonly prepare?: (members: readonly EtcdPlace[]) => Promise<void>;
}

/** A member that is about to start. Its data directory does not exist yet. */
export interface EtcdPlace {
  readonly name: string;
  readonly peerURL: string;
  readonly dataDir: string;
}

export interface EtcdServer {
  /** With scheme, one a member. */
  readonly endpoints: string[];
  readonly ports: number[];
  /** One a member. */
  readonly dataDirs: string[];
  /** PEM files, with `tls`. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Who signed them, with `tls`. */
  readonly authority?: TestAuthority;
  /** Ends a member at once, as a crash does. */
  kill(member?: number): Promise<void>;
  /** Stops a member's process without ending it. */
  pause(member?: number): void;
  resume(member?: number): void;
  /** Starts a killed member again on its data. */
  restart(member?: number): Promise<void>;
  /** Starts a killed member without its data, as a new one that the others have been told of by `register`. */
  replace(member: number, register: (place: EtcdPlace) => Promise<void>): Promise<void>;
  /** Ends all and removes the data. */
  stop(): Promise<void>;
}

export const ROOT_PASSWORD = 'root-password';
export const LIMITED_PASSWORD = 'limited-password';

const START_TIMEOUT_MS = 20_000;
const SETPRIV = '/usr/bin/setpriv';

/** Starts a real etcd on loopback: Debian's `etcd`, package `etcd-server`. */
export async function startEtcd(options: EtcdServerOptions = {}): Promise<EtcdServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-lite-etcd-'));
  const size = options.members ?? 1;
  const ports = await distinctPorts(size * 3);
  const clientPorts = ports.slice(0, size);
  const tls = options.tls === true ? await writeCertificates(folder) : undefined;
  const scheme = tls === undefined ? 'http' : 'https';
  const peerPorts = ports.slice(size, size * 2);
  const hosts = clientPorts.map((_, index) => options.machines?.[index]?.address ?? '127.0.0.1');
  const listening = peerPorts.map((port, index) => `http://${hosts[index]}:${port}`);
  const peers = (await options.advertise?.({ peers: peerPorts, clients: clientPorts })) ?? listening;
  const endpoints = clientPorts.map((port, index) => `${scheme}://${hosts[index]}:${port}`);
  const members = endpoints.map((url, index) => {
    const metrics = `http://${hosts[index]}:${ports[size * 2 + index]}`;
    const args = [
      ['--name', `m${index}`],
      ['--data-dir', join(folder, `m${index}`)],
      ['--listen-client-urls', url],
      ['--advertise-client-urls', url],
      ['--listen-peer-urls', listening[index] ?? ''],
      ['--initial-advertise-peer-urls', peers[index] ?? ''],
      ['--initial-cluster', peers.map((peer, each) => `m${each}=${peer}`).join(',')],
      ['--listen-metrics-urls', metrics],
      ['--experimental-watch-progress-notify-interval', options.progressInterval ?? '1s'],
      options.quotaBytes === undefined ? [] : ['--quota-backend-bytes', String(options.quotaBytes)],
      tls === undefined ? [] : ['--client-cert-auth', '--trusted-ca-file', tls.ca],
      tls === undefined ? [] : ['--cert-file', tls.serverCert, '--key-file', tls.serverKey],
      options.args ?? [],
    ].flat();
    const command = [...(options.machines?.[index]?.command ?? []), 'etcd', ...args];
    return new Member(command, metrics, join(folder, `m${index}.log`));
  });
  const member = (index: number): Member => {
    const found = members[index];
    if (found === undefined) throw new Error(`there is no member ${index}`);
    return found;
  };
  const server: EtcdServer = {
    endpoints,
    ports: clientPorts,
    dataDirs: clientPorts.map((_, index) => join(folder, `m${index}`)),
    ...(tls === undefined ? {} : { ca: tls.ca, cert: tls.clientCert, key: tls.clientKey, authority: tls.authority }),
    kill: (index = 0) => member(index).kill(),
    pause: (index = 0) => member(index).signal('SIGSTOP'),
    resume: (index = 0) => member(index).signal('SIGCONT'),
    restart: async (index = 0) => {
      member(index).start();
      await member(index).ready();
    },
    replace: async (index, register) => {
      const dataDir = join(folder, `m${index}`);
      await rm(dataDir, { recursive: true, force: true });
      await register({ name: `m${index}`, peerURL: peers[index] ?? '', dataDir });
      member(index).start(['--initial-cluster-state', 'existing']);
      await member(index).ready();
    },
    async stop() {
      await Promise.all(members.map((each) => each.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await options.prepare?.(
      server.dataDirs.map((dataDir, index) => ({ name: `m${index}`, peerURL: peers[index] ?? '', dataDir })),
    );
    for (const each of members) each.start();
    await Promise.all(members.map((each) => each.ready()));
    if (options.auth === true) await enableAuthentication(server.endpoints[0] ?? '');
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

class Member {
  readonly #command: readonly string[];
  readonly #metrics: string;
  readonly #log: string;
  #process: ChildProcess | undefined;
  #failure: Error | undefined;

  constructor(command: readonly string[], metrics: string, log: string) {
    this.#command = command;
    this.#metrics = metrics;
    this.#log = log;
  }

  start(more: readonly string[] = []): void {
    const log = openSync(this.#log, 'a');
    const [program = '', ...args] = [...withItsParent(), ...this.#command];
    const child = spawn(program, [...args, ...more], { stdio: ['ignore', log, log] });
    const missing =
      'the etcd binary is not on the PATH: these tests need a real etcd (Debian: apt-get install etcd-server)';
    closeSync(log);
    child.once('error', (error: NodeJS.ErrnoException) => {
      this.#failure = error.code === 'ENOENT' ? new Error(missing, { cause: error }) : error;
    });
    // As setpriv says it.
    child.once('exit', (status) => {
      if (status === 127) this.#failure = new Error(missing);
    });
    this.#process = child;
  }

  /** Waits until the member serves clients and has a leader. */
  async ready(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const ended = this.#process?.exitCode;
      if (ended != null || Date.now() > deadline) {
        const log = (await readFile(this.#log, 'utf8')).split('\n').slice(-15).join('\n');
        throw new Error(`etcd ${ended == null ? 'did not start in time' : `ended with status ${ended}`}:\n${log}`);
      }
      if (await isHealthy(this.#metrics)) return;
      await sleep(25);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}

/** What to put before a command so that it ends when this process does, however that ends; nothing where there is no such command. */
function withItsParent(): readonly string[] {
  return existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', '--'] : [];
}

/** etcd accepts connections long before it serves them, so this asks; on the port for metrics, which is never TLS. */
async function isHealthy(metrics: string): Promise<boolean> {
  try {
    const response = await fetch(`${metrics}/health`, { signal: AbortSignal.timeout(1000) });
    return (await response.text()).includes('"true"');
  } catch {
    return false;
  }
}

async function distinctPorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

async function writeCertificates(folder: string) {
  const authority = createTestAuthority();
  const server = authority.issue('etcd', ['127.0.0.1', 'localhost']);
  const client = authority.issue('kube-lite');
  const write = async (name: string, content: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  return {
    authority,
    ca: await write('ca.crt', authority.ca),
    serverCert: await write('server.crt', server.cert),
    serverKey: await write('server.key', server.key),
    clientCert: await write('client.crt', client.cert),
    clientKey: await write('client.key', client.key),
  };
}

/** Through etcd's JSON gateway, which needs no client of ours. */
async function enableAuthentication(endpoint: string): Promise<void> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const call = async (path: string, body: unknown): Promise<void> => {
    const response = await fetch(`${endpoint}/v3/auth/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`etcd ${path}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  };
  await call('user/add', { name: 'root', password: ROOT_PASSWORD });
  await call('role/add', { name: 'root' });
  await call('user/grant', { user: 'root', role: 'root' });
  await call('user/add', { name: 'limited', password: LIMITED_PASSWORD });
  await call('role/add', { name: 'limited' });
  await call('role/grant', {
    name: 'limited',
    perm: { permType: 'READWRITE', key: base64('/allowed/'), range_end: base64('/allowed0') },
  });
  await call('user/grant', { user: 'limited', role: 'limited' });
  await call('enable', {});
}
