import type { Fields } from '../../kubeconfig/config-fields.ts';
import { modifyConfig } from '../../kubeconfig/modify-config.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { FlagValues } from '../flag-values.ts';
import type { Flag } from '../flag.ts';
import { configFilesOf, type ConfigOptions, unexpectedArguments } from './config-files.ts';
import { changedExec, execFlags, type ExecOptions, execOptions } from './exec-credentials.ts';
import { type Pairs, parsePairs } from './parse-pairs.ts';
import { fileFields, setEntry, statFile } from './set-entry.ts';

/** What was given; undefined is left as it is. */
interface SetCredentialsOptions extends ConfigOptions {
  readonly name: string;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly embed: boolean;
  readonly token: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly authProvider: string | undefined;
  readonly authProviderArgs: Pairs;
  readonly exec: ExecOptions;
}

const FLAGS: readonly Flag[] = [
  { name: 'client-certificate', type: 'string', values: 'files', usage: "The user's client certificate file." },
  { name: 'client-key', type: 'string', values: 'files', usage: "The user's client key file." },
  { name: 'token', type: 'string', usage: "The user's bearer token." },
  { name: 'username', type: 'string', usage: "The user's name for basic authentication." },
  { name: 'password', type: 'string', usage: "The user's password for basic authentication." },
  { name: 'auth-provider', type: 'string', usage: 'Name of an authentication provider.' },
  {
    name: 'auth-provider-arg',
    type: 'stringList',
    default: '[]',
    usage: 'KEY=VALUE for the authentication provider; KEY- removes one.',
  },
  {
    name: 'embed-certs',
    type: 'bool',
    default: 'false',
    usage: 'Keep the content of certificate and key files, not their names.',
  },
  ...execFlags,
];

/** `config set-credentials`: makes a user entry, or changes fields of it. */
export const setCredentials: Command = defineCommand<SetCredentialsOptions>({
  use: 'set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]',
  description: `Make a user entry in the kubeconfig, or change one.

 What is not given stays as it is; but a token and a name with password replace each other.`,
  examples: [
    { comment: 'Set the client key alone', command: 'kubectl config set-credentials my-user --client-key=admin.key' },
    {
      comment: 'Keep the certificate in the kubeconfig itself',
      command: 'kubectl config set-credentials my-user --client-certificate=admin.crt --embed-certs=true',
    },
    {
      comment: 'Get credentials from a program',
      command:
        'kubectl config set-credentials my-user --exec-command=/path/to/program --exec-api-version=client.authentication.k8s.io/v1',
    },
  ],
  flags: FLAGS,
  parse,
  async run(options, context) {
    const { name } = options;
    await modifyConfig(
      configFilesOf(options, context),
      (config) => setEntry(config, 'users', name, (fields) => changed(fields, options)),
      true,
    );
    context.streams.out.write(`User ${JSON.stringify(name)} set.\n`);
  },
});

function parse(invocation: Invocation): SetCredentialsOptions {
  const { args, flags } = invocation;
  const [name] = args;
  if (name === undefined || args.length > 1) throw unexpectedArguments(invocation, 'unexpected args');
  const options = {
    name,
    kubeconfig: flags.given('kubeconfig'),
    clientCertificate: flags.given('client-certificate'),
    clientKey: flags.given('client-key'),
    embed: flags.bool('embed-certs'),
    token: flags.given('token'),
    username: flags.given('username'),
    password: flags.given('password'),
    authProvider: flags.given('auth-provider'),
    authProviderArgs: parsePairs(flags.list('auth-provider-arg'), 'auth-provider-arg'),
    exec: execOptions(flags),
  };
  if (name === '') throw new UserError('you must specify a non-empty user name');
  checkMethods(flags);
  if (options.embed) checkEmbedded(options);
  return options;
}

function checkMethods(flags: FlagValues): void {
  const methods = [
    ...(flags.string('token') === '' ? [] : ['--token']),
    ...(flags.string('username') === '' && flags.string('password') === '' ? [] : ['--username/--password']),
  ];
  if (methods.length > 1) {
    throw new UserError(
      `you cannot specify more than one authentication method at the same time: ${methods.join(', ')}`,
    );
  }
}

function checkEmbedded({ clientCertificate = '', clientKey = '' }: SetCredentialsOptions): void {
  if (clientCertificate === '' && clientKey === '') {
    throw new UserError('you must specify a --client-certificate or --client-key to embed');
  }
  if (clientCertificate !== '') statFile('client-certificate', clientCertificate);
  if (clientKey !== '') statFile('client-key', clientKey);
}

function changed(before: Fields, options: SetCredentialsOptions): Fields {
  const { clientCertificate, clientKey, embed, token, username, password } = options;
  const setsToken = Boolean(token);
  const setsBasic = Boolean(username) || Boolean(password);
  const authProvider = changedAuthProvider(before['auth-provider'] as Fields | undefined, options);
  const exec = changedExec(before['exec'] as Fields | undefined, options.exec);
  return {
    ...before,
    ...(clientCertificate === undefined ? {} : fileFields('client-certificate', clientCertificate, embed)),
    ...(clientKey === undefined ? {} : fileFields('client-key', clientKey, embed)),
    ...(token === undefined ? {} : { token }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(authProvider === undefined ? {} : { 'auth-provider': authProvider }),
    ...(exec === undefined ? {} : { exec }),
    // One way of authenticating replaces the other.
    ...(setsBasic && !setsToken ? { token: undefined } : {}),
    ...(setsToken && !setsBasic ? { username: undefined, password: undefined } : {}),
  };
}

/** Another provider starts without the arguments of the one before. */
function changedAuthProvider(
  before: Fields | undefined,
  { authProvider, authProviderArgs }: SetCredentialsOptions,
): Fields | undefined {
  const provider = authProvider === undefined || before?.['name'] === authProvider ? before : { name: authProvider };
  if (provider === undefined) return undefined;
  const kept = Object.entries((provider['config'] ?? {}) as Fields).filter(
    ([key]) => !authProviderArgs.removed.includes(key),
  );
  return {
    ...provider,
    config: sortedByName({ ...Object.fromEntries(kept), ...Object.fromEntries(authProviderArgs.set) }),
  };
}

/** Go writes maps in the order of their keys. */
function sortedByName(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
