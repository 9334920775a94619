import type { Fields } from '../../kubeconfig/config-fields.ts';
import { modifyConfig } from '../../kubeconfig/modify-config.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { configFilesOf, type ConfigOptions, unexpectedArguments } from './config-files.ts';
import { fileFields, setEntry, statFile } from './set-entry.ts';

/** What was given; undefined is left as it is. */
interface SetClusterOptions extends ConfigOptions {
  readonly name: string;
  readonly server: string | undefined;
  readonly tlsServerName: string | undefined;
  /** As kubectl has it, false when it is not given: an entry that was insecure is not so any more. */
  readonly insecure: boolean;
  readonly certificateAuthority: string | undefined;
  readonly embed: boolean;
  readonly proxyUrl: string | undefined;
}

/** `config set-cluster`: makes a cluster entry, or changes fields of it. */
export const setCluster: Command = defineCommand<SetClusterOptions>({
  use: 'set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]',
  description: `Make a cluster entry in the kubeconfig, or change one.

 What is not given stays as it is, but for --insecure-skip-tls-verify, which must be given each time.`,
  examples: [
    { comment: 'Set the server', command: 'kubectl config set-cluster my-cluster --server=https://1.2.3.4' },
    {
      comment: 'Keep the certificates in the kubeconfig itself',
      command: 'kubectl config set-cluster my-cluster --embed-certs --certificate-authority=ca.crt',
    },
  ],
  flags: [
    { name: 'server', type: 'string', usage: "The cluster's server." },
    { name: 'tls-server-name', type: 'string', usage: "Name to check the server's certificate against." },
    {
      name: 'insecure-skip-tls-verify',
      type: 'bool',
      default: 'false',
      usage: "Whether the server's certificate is not checked.",
    },
    {
      name: 'certificate-authority',
      type: 'string',
      values: 'files',
      usage: "File with the certificates that the cluster's server is checked against.",
    },
    { name: 'embed-certs', type: 'bool', default: 'false', usage: 'Keep the content of the file, not its name.' },
    { name: 'proxy-url', type: 'string', usage: 'Proxy by which the cluster is reached.' },
  ],
  parse(invocation) {
    const { args, flags } = invocation;
    const [name] = args;
    if (name === undefined || args.length > 1) throw unexpectedArguments(invocation);
    if (name === '') throw new UserError('you must specify a non-empty cluster name');
    const options = {
      name,
      kubeconfig: flags.given('kubeconfig'),
      server: flags.given('server'),
      tlsServerName: flags.given('tls-server-name'),
      insecure: flags.bool('insecure-skip-tls-verify'),
      certificateAuthority: flags.given('certificate-authority'),
      embed: flags.bool('embed-certs'),
      proxyUrl: flags.given('proxy-url'),
    };
    check(options);
    return options;
  },
  async run(options, context) {
    const { name } = options;
    await modifyConfig(
      configFilesOf(options, context),
      (config) => setEntry(config, 'clusters', name, (fields) => changed(fields, options)),
      true,
    );
    context.streams.out.write(`Cluster ${JSON.stringify(name)} set.\n`);
  },
});

function check({ insecure, certificateAuthority = '', embed }: SetClusterOptions): void {
  if (insecure && certificateAuthority !== '') {
    throw new UserError('you cannot specify a certificate authority and insecure mode at the same time');
  }
  if (!embed) return;
  if (certificateAuthority === '') throw new UserError('you must specify a --certificate-authority to embed');
  statFile('certificate-authority', certificateAuthority);
}

function changed(before: Fields, options: SetClusterOptions): Fields {
  const { server, tlsServerName, insecure, certificateAuthority, embed, proxyUrl } = options;
  return {
    ...before,
    // The name to check was that of the server before.
    ...(server === undefined ? {} : { server, 'tls-server-name': undefined }),
    ...(tlsServerName === undefined ? {} : { 'tls-server-name': tlsServerName }),
    'insecure-skip-tls-verify': insecure,
    ...(insecure ? { 'certificate-authority': undefined, 'certificate-authority-data': undefined } : {}),
    ...(certificateAuthority === undefined
      ? {}
      : { ...fileFields('certificate-authority', certificateAuthority, embed), 'insecure-skip-tls-verify': undefined }),
    ...(proxyUrl === undefined ? {} : { 'proxy-url': proxyUrl }),
  };
}
