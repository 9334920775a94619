import { UserError } from '../model/user-error.ts';
import { chosenPlugins } from './admission-plugins.ts';
import { type Command, defineCommand } from './command.ts';
import type { ServeOptions } from './context.ts';

/** `serve`: the etcd or local backend behind the Kubernetes HTTP API. */
export const serve: Command = defineCommand<ServeOptions>({
  use: '[--port=6443] [--write-kubeconfig=FILE]',
  description: `Put the local store, or the objects in etcd, behind the Kubernetes HTTP API.

 The server listens on 127.0.0.1 with TLS and a token of its own, and writes a kubeconfig with which kubectl, helm and client libraries reach it. It runs until it is interrupted; requests that run then are finished.`,
  examples: [
    { comment: 'Serve the local store', command: 'kubectl serve --data-dir=./store' },
    {
      comment: 'Serve what is in etcd, on a port that the system chooses',
      command: 'kubectl serve --etcd-endpoints=http://127.0.0.1:2379 --port=0',
    },
  ],
  flags: [
    {
      name: 'address',
      type: 'string',
      default: '127.0.0.1',
      usage: 'Address to listen on. Any other than a loopback address can be reached by others.',
    },
    { name: 'port', type: 'int', default: '6443', usage: 'Port to listen on; 0 lets the system choose.' },
    {
      name: 'write-kubeconfig',
      type: 'string',
      usage: 'File to write the kubeconfig to; without it, a file beside the certificates.',
    },
    {
      name: 'replace-kubeconfig',
      type: 'bool',
      default: 'false',
      usage: 'Write the kubeconfig even over a file that kube-lite did not write.',
    },
    { name: 'cert-dir', type: 'string', usage: 'Folder in which certificates and token are kept.' },
    {
      name: 'authorization-mode',
      type: 'string',
      default: 'RBAC',
      values: ['RBAC', 'AlwaysAllow'],
      usage: 'What users may do: what the roles in the store allow them (RBAC), or everything (AlwaysAllow).',
    },
    {
      name: 'controllers',
      type: 'bool',
      default: 'true',
      usage:
        'Keep in every namespace what the controllers of a cluster keep there: ServiceAccount default and ConfigMap kube-root-ca.crt.',
    },
    {
      name: 'enable-admission-plugins',
      type: 'stringList',
      usage:
        'Admission plug-ins to turn on, separated by commas. Those of kube-apiserver that kube-lite has are on, but for ServiceAccount, which gives pods an account and mounts its token.',
    },
    {
      name: 'disable-admission-plugins',
      type: 'stringList',
      usage: 'Admission plug-ins to leave off, separated by commas.',
    },
    {
      name: 'serve-token',
      type: 'string',
      usage: 'Token that clients must send, instead of a random one that is kept.',
    },
  ],
  parse({ args, flags }) {
    if (args.length > 0) throw new UserError(`unexpected arguments: [${args.join(' ')}]`);
    const port = flags.int('port');
    if (port < 0 || port > 65_535) throw new UserError(`--port must be between 0 and 65535, not ${port}`);
    const mode = flags.string('authorization-mode');
    if (mode !== 'RBAC' && mode !== 'AlwaysAllow') {
      throw new UserError(`--authorization-mode must be RBAC or AlwaysAllow, not ${JSON.stringify(mode)}`);
    }
    const plugins = chosenPlugins(flags.list('enable-admission-plugins'), flags.list('disable-admission-plugins'));
    return {
      address: flags.string('address'),
      port,
      kubeconfigPath: flags.given('write-kubeconfig') || undefined,
      replaceKubeconfig: flags.bool('replace-kubeconfig'),
      folder: flags.given('cert-dir') || undefined,
      token: flags.given('serve-token') || undefined,
      authorizationMode: mode,
      controllers: flags.bool('controllers'),
      serviceAccounts: plugins.has('ServiceAccount'),
    };
  },
  async run(options, context) {
    const server = await context.serve(options);
    const { err } = context.streams;
    err.write(`Serving the Kubernetes API on ${server.url}\nexport KUBECONFIG=${server.kubeconfigPath}\n`);
    const stop = (): void => void server.stop();
    if (context.signal.aborted) stop();
    else context.signal.addEventListener('abort', stop, { once: true });
    await server.stopped;
  },
});
