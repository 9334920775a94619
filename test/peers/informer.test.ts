import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  ApiException,
  AppsV1Api,
  type Informer,
  KubeConfig,
  makeInformer,
  type V1Deployment,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../../src/http/serve.ts';
import { loadTokenSigner } from '../../src/http/token-signer.ts';
import { servingHandler } from '../../src/serving-handler.ts';
import { ObjectStorage } from '../../src/storage/object-storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts';

/** A controller as people write them: it says in the status of each Deployment that it has as many pods as it wants. */
class Controller {
  readonly api: AppsV1Api;
  readonly seen: string[] = [];
  conflicts = 0;
  /** Runs once, between reading and writing an object. */
  meanwhile: (() => Promise<unknown>) | undefined;
  readonly #informer: Informer<V1Deployment>;
  #work: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(kubeconfig: KubeConfig) {
    this.api = kubeconfig.makeApiClient(AppsV1Api);
    const list = async () => this.api.listDeploymentForAllNamespaces();
    this.#informer = makeInformer(kubeconfig, '/apis/apps/v1/deployments', list);
    for (const event of ['add', 'update', 'delete'] as const) {
      this.#informer.on(event, (object) => {
        this.seen.push(`${event} ${object.metadata?.name}`);
        if (event !== 'delete') this.#work = this.#work.then(async () => this.#reconcile(object));
      });
    }
    this.#informer.on('error', () => {
      if (!this.#stopped) setTimeout(() => void this.#informer.start(), 50);
    });
  }

  async start(): Promise<void> {
    await this.#informer.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#informer.stop();
    await this.#work;
  }

  /** Optimistic concurrency: what was read is written; when somebody else was first, it is read anew. */
  async #reconcile(cached: V1Deployment): Promise<void> {
    const { name = '', namespace = '' } = cached.metadata ?? {};
    let object: V1Deployment | undefined = cached;
    while (object === undefined || !isSettled(object)) {
      try {
        if (object !== undefined) return await this.#write(object);
        object = await this.api.readNamespacedDeployment({ name, namespace });
      } catch (error) {
        object = undefined;
        const code = error instanceof ApiException ? error.code : 0;
        if (code === 404) return;
        if (code === 409) this.conflicts += 1;
        // The connection is cut.
        else await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  async #write(object: V1Deployment): Promise<void> {
    const during = this.meanwhile;
    this.meanwhile = undefined;
    await during?.();
    const { replicas = 1 } = object.spec ?? {};
    const { generation = 0, name = '', namespace = '' } = object.metadata ?? {};
    const status = { replicas, readyReplicas: replicas, observedGeneration: generation };
    const body = Object.assign(structuredClone(object), { status });
    await this.api.replaceNamespacedDeploymentStatus({ name, namespace, body });
  }
}

function isSettled({ metadata, spec, status }: V1Deployment): boolean {
  return status?.observedGeneration === metadata?.generation && status?.replicas === spec?.replicas;
}

function deployment(name: string, replicas: number): V1Deployment {
  const labels = { app: name };
  return {
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'busybox' }] } },
    },
  };
}

let folder: string;
let memory: MemoryStorage;
let server: Awaited<ReturnType<typeof startServer>>;
let proxy: CuttingProxy;
/** A client beside the controller, which nobody cuts off. */
let user: AppsV1Api;
let controller: Controller;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-informer-'));
  memory = new MemoryStorage();
  const { handler, tokenUser } = servingHandler({
    storage: new ObjectStorage({ storage: memory }),
    now: () => new Date(),
    signer: await loadTokenSigner(folder),
    authorizationMode: 'RBAC',
    isOwnToken: (token) => server.isOwnToken(token),
  });
  const kubeconfigPath = path.join(folder, 'kubeconfig');
  const place = { address: '127.0.0.1', port: 0, folder, kubeconfigPath, now: new Date() };
  server = await startServer({ handler, tokenUser, ...place });
  proxy = await startCuttingProxy(Number(new URL(server.url).port));
  const text = fs.readFileSync(kubeconfigPath, 'utf8');
  const direct = new KubeConfig();
  direct.loadFromString(text);
  user = direct.makeApiClient(AppsV1Api);
  const proxied = new KubeConfig();
  proxied.loadFromString(text.replace(server.url, `https://127.0.0.1:${proxy.port}`));
  controller = new Controller(proxied);
  await controller.start();
});
afterAll(async () => {
  await controller.stop();
  await proxy.stop();
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function settles(name: string, replicas: number): Promise<void> {
  await expect
    .poll(async () => (await user.readNamespacedDeployment({ name, namespace: 'default' })).status, { timeout: 30_000 })
    .toMatchObject({ replicas, readyReplicas: replicas });
}

async function scale(name: string, replicas: number): Promise<void> {
  const body = await user.readNamespacedDeployment({ name, namespace: 'default' });
  if (body.spec) body.spec.replicas = replicas;
  await user.replaceNamespacedDeployment({ name, namespace: 'default', body });
}

describe("a controller on client-node's informer", () => {
  it('acts on what is there and what comes', async () => {
    await user.createNamespacedDeployment({ namespace: 'default', body: deployment('one', 1) });
    await settles('one', 1);
    await scale('one', 2);
    await settles('one', 2);
    expect(controller.seen).toEqual(expect.arrayContaining(['add one', 'update one']));
  });

  it('is told when another writer was first, and tries again', async () => {
    const before = controller.conflicts;
    controller.meanwhile = async () => {
      const body = await user.readNamespacedDeployment({ name: 'two', namespace: 'default' });
      Object.assign(body.metadata ?? {}, { labels: { first: 'me' } });
      await user.replaceNamespacedDeployment({ name: 'two', namespace: 'default', body });
    };
    await user.createNamespacedDeployment({ namespace: 'default', body: deployment('two', 3) });
    await settles('two', 3);
    expect(controller.conflicts).toBeGreaterThan(before);
    expect((await user.readNamespacedDeployment({ name: 'two', namespace: 'default' })).metadata?.labels).toEqual({
      first: 'me',
    });
  });

  it('misses nothing when its connection is cut', async () => {
    const before = proxy.connections;
    proxy.cut();
    await user.createNamespacedDeployment({ namespace: 'default', body: deployment('three', 4) });
    await scale('one', 5);
    await settles('three', 4);
    await settles('one', 5);
    expect(proxy.connections).toBeGreaterThan(before);
    expect(controller.seen.filter((event) => event === 'add three')).toHaveLength(1);
  });

  it('lists again when what it missed was compacted', async () => {
    proxy.loseRequests();
    proxy.cut();
    proxy.loseRequests();
    await user.deleteNamespacedDeployment({ name: 'two', namespace: 'default' });
    await scale('three', 6);
    await memory.compact(memory.revision);
    proxy.cut();
    await settles('three', 6);
    await expect.poll(() => controller.seen, { timeout: 30_000 }).toContain('delete two');
  });
});
