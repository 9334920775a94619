import type { KubeObject } from '../../model/kube-object.ts';
import { type Command, defineCommand } from '../command.ts';

interface ClusterInfoOptions {
  readonly namespace: string;
}

const WHERE = {
  api: 'Kubernetes control plane is running at',
  etcd: 'Objects are in etcd at',
  local: 'Objects are in the local store',
};

/** `cluster-info`: where the server, or the store, is, and the cluster's own services. */
export const clusterInfo: Command = defineCommand<ClusterInfoOptions>({
  use: 'cluster-info [flags]',
  description:
    'Show where the API server is, or the store of the other backends, and the addresses of services with the label kubernetes.io/cluster-service=true.',
  examples: [{ comment: 'Addresses of the server and the cluster services', command: 'kubectl cluster-info' }],
  flags: [],
  parse: ({ flags }) => ({ namespace: flags.given('namespace') || 'kube-system' }),
  async run({ namespace }, context) {
    const { out } = context.streams;
    const client = await context.client();
    const kind = await context.backend();
    const address = await context.address();
    const resource = await client.mapper.resourceFor('services');
    if (resource === undefined) throw new Error('the server has no services');
    const { items } = await client.list(
      { resource, namespace },
      { labelSelector: 'kubernetes.io/cluster-service=true', signal: context.signal },
    );
    out.write(`${WHERE[kind]} ${address}\n`);
    // Only a server can be asked through.
    if (kind === 'api') for (const service of items) out.write(`${serviceLine(service, address)}\n`);
    out.write(`\nTo further debug and diagnose cluster problems, use '${context.programName} cluster-info dump'.\n`);
  },
});

interface ServiceFields {
  readonly spec?: { readonly ports?: readonly { readonly name?: string; readonly port?: number }[] };
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
  };
}

function serviceLine(service: KubeObject, server: string): string {
  const { name = '', namespace = '', labels = {} } = service.metadata;
  const { spec, status } = service as ServiceFields;
  const [ingress] = status?.loadBalancer?.ingress ?? [];
  const ports = spec?.ports ?? [];
  const link =
    ingress === undefined
      ? `${server}/api/v1/namespaces/${namespace}/services/${proxyName(name, ports)}/proxy`
      : ports.map(({ port }) => `http://${ingress.ip || (ingress.hostname ?? '')}:${port} `).join('');
  return `${labels['kubernetes.io/name'] || name} is running at ${link}`;
}

/** `scheme:name:port` as the proxy subresource takes it; without scheme and port name only the name. */
function proxyName(name: string, ports: readonly { readonly name?: string; readonly port?: number }[]): string {
  const [first] = ports;
  if (first === undefined) return name;
  const scheme = first.name === 'https' || first.port === 443 ? 'https' : '';
  const port = first.name ?? '';
  if (scheme !== '') return `${scheme}:${name}:${port}`;
  return port === '' ? name : `${name}:${port}`;
}
