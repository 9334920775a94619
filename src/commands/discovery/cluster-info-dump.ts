import fs from 'node:fs';
import path from 'node:path';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { createPrinter, type PrintFormat } from '../../printers/create-printer.ts';
import type { ResourcePrinter, TextSink } from '../../printers/resource-printer.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { printFormatOf } from '../print-format.ts';
import { objectFormats, outputFlags } from '../shared-flags.ts';

interface DumpOptions {
  readonly format: PrintFormat;
  /** Undefined for standard output. */
  readonly folder: string | undefined;
  readonly allNamespaces: boolean;
  readonly namespaces: readonly string[];
}

/** What is dumped of each namespace, in this order. */
const COLLECTIONS: readonly (readonly [file: string, path: string])[] = [
  ['events', '/api/v1/namespaces/NAMESPACE/events'],
  ['replication-controllers', '/api/v1/namespaces/NAMESPACE/replicationcontrollers'],
  ['services', '/api/v1/namespaces/NAMESPACE/services'],
  ['daemonsets', '/apis/apps/v1/namespaces/NAMESPACE/daemonsets'],
  ['deployments', '/apis/apps/v1/namespaces/NAMESPACE/deployments'],
  ['replicasets', '/apis/apps/v1/namespaces/NAMESPACE/replicasets'],
  ['pods', '/api/v1/namespaces/NAMESPACE/pods'],
];

/** `cluster-info dump`: nodes, workloads, services and events with the logs of all containers, to look for problems. */
export const clusterInfoDump: Command = defineCommand<DumpOptions>({
  use: 'dump [flags]',
  description: `Print what helps to find problems of a cluster: nodes, and of namespaces the events, services, workloads and pods, with the logs of all containers.

 Without --namespaces or --all-namespaces it is about kube-system and the current namespace. With --output-directory everything goes to files in that folder.`,
  examples: [
    { comment: 'Print everything', command: 'kubectl cluster-info dump' },
    { comment: 'Into a folder', command: 'kubectl cluster-info dump --output-directory=/path/to/cluster-state' },
    { comment: 'Of all namespaces', command: 'kubectl cluster-info dump --all-namespaces' },
  ],
  flags: [
    ...outputFlags(objectFormats).map((flag) => (flag.name === 'output' ? { ...flag, default: 'json' } : flag)),
    {
      name: 'all-namespaces',
      short: 'A',
      type: 'bool',
      default: 'false',
      usage: 'Dump all namespaces; --namespaces is ignored then.',
    },
    {
      name: 'namespaces',
      type: 'stringList',
      default: '[]',
      values: 'namespaces',
      usage: 'Namespaces to dump, separated by commas.',
    },
    {
      name: 'output-directory',
      type: 'string',
      values: 'folders',
      usage: 'Folder to put files into; without it, or with -, standard output is written.',
    },
    {
      name: 'pod-running-timeout',
      type: 'duration',
      default: '20s',
      usage: 'Accepted for compatibility; logs are asked for once.',
    },
  ],
  parse({ flags }) {
    const folder = flags.string('output-directory');
    return {
      format: printFormatOf(flags),
      folder: folder === '' || folder === '-' ? undefined : folder,
      allNamespaces: flags.bool('all-namespaces'),
      namespaces: flags.list('namespaces'),
    };
  },
  async run(options, context) {
    const printer = await createPrinter(options.format, { keepOrder: true });
    const dump = new Dump(options, printer, context);
    dump.print(await dump.get('/api/v1/nodes'), 'nodes');
    for (const namespace of await dump.namespaces()) await dump.namespace(namespace);
    if (options.folder !== undefined) context.streams.out.write(`Cluster info dumped to ${options.folder}\n`);
  },
});

interface PodFields {
  readonly spec?: {
    readonly initContainers?: readonly { readonly name: string }[];
    readonly containers?: readonly { readonly name: string }[];
  };
}

interface DumpedList {
  readonly items?: KubeObject[];
}

class Dump {
  readonly #options: DumpOptions;
  readonly #printer: ResourcePrinter;
  readonly #context: Context;

  constructor(options: DumpOptions, printer: ResourcePrinter, context: Context) {
    this.#options = options;
    this.#printer = printer;
    this.#context = context;
  }

  async get(apiPath: string): Promise<DumpedList> {
    const client = await this.#context.client();
    const { body } = await client.request({ method: 'GET', path: apiPath, signal: this.#context.signal });
    return body as DumpedList;
  }

  /** kubectl asks for protobuf, in which a list without items has none at all. */
  print(list: DumpedList, name: string): void {
    const { output } = this.#options.format;
    const printed = (list.items?.length === 0 ? { ...list, items: null } : list) as unknown as KubeObject;
    const extension = output === 'json' || output === 'yaml' ? `.${output}` : '.txt';
    this.#write(`${name}${extension}`, (sink) => this.#printer.print(printed, sink));
  }

  async namespaces(): Promise<readonly string[]> {
    const { allNamespaces, namespaces } = this.#options;
    if (allNamespaces) {
      return ((await this.get('/api/v1/namespaces')).items ?? []).map(({ metadata }) => metadata.name ?? '');
    }
    return namespaces.length > 0 ? namespaces : ['kube-system', (await this.#context.namespace()).name];
  }

  async namespace(namespace: string): Promise<void> {
    let pods: KubeObject[] = [];
    for (const [name, template] of COLLECTIONS) {
      const list = await this.get(template.replace('NAMESPACE', encodeURIComponent(namespace)));
      this.print(list, path.join(namespace, name));
      if (name === 'pods') pods = list.items ?? [];
    }
    for (const pod of pods) await this.#logs(pod, namespace);
  }

  async #logs(pod: KubeObject, namespace: string): Promise<void> {
    const name = pod.metadata.name ?? '';
    const { spec } = pod as PodFields;
    const parts: (string | Uint8Array)[] = [];
    for (const container of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]) {
      const what = `logs for container ${container.name} of pod ${namespace}/${name}`;
      parts.push(
        `==== START ${what} ====\n`,
        await this.#log(namespace, name, container.name),
        `==== END ${what} ====\n`,
      );
    }
    this.#write(path.join(namespace, name, 'logs.txt'), (sink) => {
      for (const part of parts) sink.write(part);
    });
  }

  async #log(namespace: string, pod: string, container: string): Promise<string | Uint8Array> {
    const client = await this.#context.client();
    const query = new URLSearchParams({ container });
    try {
      const { body } = await client.request({
        method: 'GET',
        path: `/api/v1/namespaces/${namespace}/pods/${pod}/log`,
        query,
        signal: this.#context.signal,
      });
      return body instanceof Uint8Array ? body : String(body);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return `Request log error: ${error.message}\n`;
    }
  }

  #write(name: string, print: (sink: TextSink) => void): void {
    const { folder } = this.#options;
    if (folder === undefined) return print(this.#context.streams.out);
    const file = path.join(folder, name);
    // Logs and objects may hold secrets.
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const fd = fs.openSync(file, 'w', 0o600);
    try {
      print({ write: (text) => void fs.writeSync(fd, typeof text === 'string' ? Buffer.from(text) : text) });
    } finally {
      fs.closeSync(fd);
    }
  }
}
