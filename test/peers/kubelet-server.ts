import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { protobufCodec } from '../../src/model/protobuf/protobuf-codec.ts';
import { labelSelectorMatches, parseLabelSelector } from '../../src/model/selectors/label-selector.ts';
import { ServedWebSocket } from './web-socket-server.ts';

const REMOTE_COMMAND = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const TUNNEL = 'SPDY/3.1+portforward.k8s.io';

/** What a container's process does: what it is given is whole when it is called. */
export interface RemoteProcess {
  readonly stdout?: string | Buffer;
  readonly stderr?: string;
  /** What the status channel says; absent: success. */
  readonly status?: unknown;
  /** Break the connection instead. */
  readonly cut?: boolean;
}

/** One request for a subresource: `exec default/web?command=ls&container=c`. */
export type Asked = {
  readonly what: string;
  readonly query: URLSearchParams;
  readonly method: string;
  readonly body: unknown;
};

interface Resource {
  readonly groupVersion: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly short?: string;
}

const RESOURCES: readonly Resource[] = [
  { groupVersion: 'v1', plural: 'pods', kind: 'Pod', namespaced: true, short: 'po' },
  { groupVersion: 'v1', plural: 'services', kind: 'Service', namespaced: true, short: 'svc' },
  { groupVersion: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true, short: 'cm' },
  { groupVersion: 'v1', plural: 'nodes', kind: 'Node', namespaced: false, short: 'no' },
  { groupVersion: 'apps/v1', plural: 'deployments', kind: 'Deployment', namespaced: true, short: 'deploy' },
  { groupVersion: 'batch/v1', plural: 'jobs', kind: 'Job', namespaced: true },
  { groupVersion: 'metrics.k8s.io/v1beta1', plural: 'nodes', kind: 'NodeMetrics', namespaced: false },
  { groupVersion: 'metrics.k8s.io/v1beta1', plural: 'pods', kind: 'PodMetrics', namespaced: true },
];

/** As much of an API server with kubelets behind it as the commands for containers need, over plain HTTP. */
export class KubeletServer {
  readonly url: string;
  objects: KubeObject[] = [];
  /** Whether the group metrics.k8s.io is there. */
  hasMetrics = true;
  /** By `pod/container`. */
  readonly logs = new Map<string, string | Buffer>();
  readonly asked: Asked[] = [];
  process: (command: readonly string[], stdin: Buffer, asked: Asked) => RemoteProcess = () => ({});
  /** What a port of a pod answers to what it got so far. */
  port: (port: number, data: Buffer) => Buffer | undefined = () => undefined;
  readonly #server;
  readonly #sockets = new Set<ServedWebSocket>();

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<KubeletServer> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const kubelet = new KubeletServer(server);
    server.on('request', (request, response) => void kubelet.#respond(request, response));
    server.on('upgrade', (request, socket) => kubelet.#upgrade(request, socket));
    return kubelet;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.cut();
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const url = new URL(request.url ?? '', this.url);
    const { method = 'GET' } = request;
    const answer = this.#answer({ what: url.pathname, query: url.searchParams, method, body: bodyOf(bytes) });
    if (answer instanceof Buffer) {
      response.writeHead(200, { 'content-type': 'text/plain' });
      // In two pieces, so that lines are torn apart.
      response.write(answer.subarray(0, answer.length >> 1));
      setImmediate(() => response.end(answer.subarray(answer.length >> 1)));
      return;
    }
    const { code } = answer as { code?: number };
    const failed = (answer as { kind?: string }).kind === 'Status' && code !== undefined;
    response.writeHead(failed ? code : 200, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify(answer)}\n`);
  }

  #answer(asked: Asked): unknown {
    const place = discovery(asked.what, this.hasMetrics);
    if (place !== undefined) return place;
    const match =
      /^\/(?:api|apis\/[^/]+)\/[^/]+(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?(?:\/([a-z]+))?$/.exec(
        asked.what,
      );
    if (match === null) return failure(404, 'NotFound', 'the server could not find the requested resource');
    const groupVersion = asked.what
      .replace(/^\/apis?\//, '')
      .replace(/^((?:[^/]+\.[^/]+|apps|batch)\/)?([^/]+)\/.*$/, '$1$2');
    const [, namespace, plural = '', name, subresource] = match;
    if (subresource === 'log') return this.#log(asked, name ?? '');
    if (subresource !== undefined || asked.method !== 'GET') return this.#write(asked, namespace, name);
    const found = this.objects.filter(
      ({ apiVersion, kind, metadata }) =>
        apiVersion === groupVersion &&
        RESOURCES.some((each) => each.plural === plural && each.kind === kind && each.groupVersion === apiVersion) &&
        (namespace === undefined || metadata.namespace === namespace),
    );
    if (name === undefined) return listOf(found, groupVersion, plural, asked.query);
    const object = found.find(({ metadata }) => metadata.name === name);
    const group = groupVersion.includes('/') ? `.${groupVersion.split('/')[0]}` : '';
    return object ?? failure(404, 'NotFound', `${plural}${group} "${name}" not found`, { name, kind: plural });
  }

  #log(asked: Asked, pod: string): unknown {
    this.asked.push(asked);
    const container = asked.query.get('container') ?? '';
    const log = this.logs.get(`${pod}/${container}`);
    if (log !== undefined) return Buffer.from(log);
    return failure(
      400,
      'BadRequest',
      `container "${container}" in pod "${pod}" is waiting to start: ContainerCreating`,
    );
  }

  /** Takes what is written and gives it back; a patch gives the object that is there. */
  #write(asked: Asked, namespace: string | undefined, name: string | undefined): unknown {
    this.asked.push(asked);
    if (asked.method === 'POST') {
      const { metadata, ...body } = asked.body as KubeObject;
      return { ...body, metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace }) } };
    }
    const object = this.objects.find(({ kind, metadata }) => kind === 'Pod' && metadata.name === name);
    return object ?? failure(404, 'NotFound', `pods "${name ?? ''}" not found`);
  }

  #upgrade(request: IncomingMessage, socket: Duplex): void {
    const url = new URL(request.url ?? '', this.url);
    const [, namespace = '', pod = '', subresource = ''] =
      /\/namespaces\/([^/]+)\/pods\/([^/]+)\/([a-z]+)$/.exec(url.pathname) ?? [];
    const asked = { what: `${subresource} ${namespace}/${pod}`, query: url.searchParams, method: 'GET', body: '' };
    this.asked.push(asked);
    if (url.searchParams.get('container') === 'forbidden') {
      const status = JSON.stringify(failure(403, 'Forbidden', `pods "${pod}" is forbidden: no, you may not`));
      socket.end(
        `HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(status)}\r\nConnection: close\r\n\r\n${status}`,
      );
      return;
    }
    if (subresource === 'portforward') return this.#forward(request, socket, url);
    const served = new ServedWebSocket(request, socket, REMOTE_COMMAND);
    this.#sockets.add(served);
    const input: Buffer[] = [];
    const finish = (): void =>
      this.#finish(served, this.process(asked.query.getAll('command'), Buffer.concat(input), asked));
    served.onMessage = (data) => {
      if (data[0] === 0) input.push(data.subarray(1));
      else if (data[0] === 255 && data[1] === 0) finish();
    };
    if (asked.query.get('stdin') !== 'true') finish();
  }

  #finish(socket: ServedWebSocket, { stdout = '', stderr = '', status, cut }: RemoteProcess): void {
    const send = (channel: number, data: Buffer): void => {
      for (let at = 0; at < data.length; at += 30_000) {
        socket.send(Buffer.concat([Buffer.from([channel]), data.subarray(at, at + 30_000)]));
      }
    };
    for (const channel of [1, 2, 3]) socket.send(Buffer.from([channel]));
    send(2, Buffer.from(stderr));
    send(1, Buffer.from(stdout));
    if (cut === true) return socket.cut();
    send(3, Buffer.from(JSON.stringify(status ?? { metadata: {}, status: 'Success' })));
    socket.close();
  }

  #forward(request: IncomingMessage, socket: Duplex, url: URL): void {
    const served = new ServedWebSocket(request, socket, [TUNNEL, 'v4.channel.k8s.io']);
    this.#sockets.add(served);
    // What comes through a tunnel is SPDY, which this server does not speak: it is open, and that is all.
    if (served.protocol === TUNNEL) return;
    const ports = url.searchParams.getAll('ports').map(Number);
    for (const [index, port] of ports.entries()) {
      const number = Buffer.alloc(2);
      number.writeUInt16LE(port, 0);
      for (const channel of [index * 2, index * 2 + 1]) {
        served.send(Buffer.concat([Buffer.from([channel]), number]));
      }
    }
    served.onMessage = (data) => {
      const channel = data[0] ?? 0;
      const answer = this.port(ports[channel >> 1] ?? 0, data.subarray(1));
      if (answer === undefined) {
        served.send(Buffer.concat([Buffer.from([channel + 1]), Buffer.from('connection refused')]));
        served.close();
      } else served.send(Buffer.concat([Buffer.from([channel]), answer]));
    };
  }
}

/** kubectl writes built-in kinds as protobuf, kube-lite as JSON. */
function bodyOf(bytes: Buffer): unknown {
  if (bytes.subarray(0, 4).equals(Buffer.from('k8s\0'))) return protobufCodec.decode(bytes).object;
  return bytes.length === 0 ? '' : JSON.parse(bytes.toString('utf8'));
}

/** A failure as a server answers it. */
export function failure(code: number, reason: string, message: string, details = {}): unknown {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code };
}

function discovery(place: string, hasMetrics: boolean): unknown {
  const known = RESOURCES.filter(({ groupVersion }) => hasMetrics || !groupVersion.startsWith('metrics'));
  if (place === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (place === '/version') return { major: '1', minor: '35', gitVersion: 'v1.35.0' };
  if (place === '/apis') {
    const versions = [...new Set(known.map(({ groupVersion }) => groupVersion))].filter((each) => each.includes('/'));
    const groups = versions.map((groupVersion) => {
      const [name = '', version = ''] = groupVersion.split('/');
      const only = { groupVersion, version };
      return { name, versions: [only], preferredVersion: only };
    });
    return { kind: 'APIGroupList', apiVersion: 'v1', groups };
  }
  const groupVersion = place.replace(/^\/apis?\//, '');
  const resources = known.filter((each) => each.groupVersion === groupVersion);
  if (resources.length === 0) return undefined;
  const listed = resources.map(({ plural: name, kind, namespaced, short }) => ({
    name,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    ...(short === undefined ? {} : { shortNames: [short] }),
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: listed };
}

function listOf(objects: readonly KubeObject[], apiVersion: string, plural: string, query: URLSearchParams): unknown {
  const selector = parseLabelSelector(query.get('labelSelector') ?? '');
  const field = query.get('fieldSelector')?.replace(/^metadata\.name=/, '');
  const items = objects.filter(
    ({ metadata }) =>
      labelSelectorMatches(selector, metadata.labels ?? {}) && (field === undefined || metadata.name === field),
  );
  const kind = RESOURCES.find((each) => each.plural === plural && each.groupVersion === apiVersion)?.kind ?? '';
  return { kind: `${kind}List`, apiVersion, metadata: { resourceVersion: '7' }, items };
}
