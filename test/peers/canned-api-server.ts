import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject, JsonValue } from '../../src/model/json-value.ts';

const RESOURCES: Record<string, JsonObject[]> = {
  '/api/v1': [resource('pods', 'Pod'), resource('configmaps', 'ConfigMap'), resource('services', 'Service')],
  '/apis/apps/v1': [resource('deployments', 'Deployment')],
  '/apis/example.com/v1': [resource('widgets', 'Widget')],
};

/** Just enough of an API server for kubectl to read one object and to send a patch for it. */
export class CannedApiServer {
  /** What every object's address answers. */
  object: JsonObject = {};
  /** The bodies of the PATCH requests so far, with their content type. */
  readonly patches: { readonly type: string; readonly body: JsonValue }[] = [];
  readonly url: string;
  readonly #server;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    const { port } = server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<CannedApiServer> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const canned = new CannedApiServer(server);
    server.on('request', (request, response) => {
      void canned.#respond(request, response);
    });
    return canned;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await this.#answer(request);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404 }));
  }

  async #answer(request: IncomingMessage): Promise<JsonValue | undefined> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
    if (path === '/apis') {
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: [group('apps'), group('example.com')] };
    }
    const resources = RESOURCES[path];
    if (resources) {
      return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: path.replace(/^[/]apis?[/]/, ''), resources };
    }
    if (!path.includes('/namespaces/default/')) return undefined;
    if (request.method === 'PATCH') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonValue;
      this.patches.push({ type: request.headers['content-type'] ?? '', body });
    }
    return this.object;
  }
}

function resource(name: string, kind: string): JsonObject {
  return { name, singularName: '', namespaced: true, kind, verbs: ['get', 'list', 'patch'] };
}

function group(name: string): JsonObject {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
}
