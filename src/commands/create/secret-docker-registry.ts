import { compactJson } from '../../model/json-printer.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { objectHash } from '../../model/object-hash.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { requireOneName } from '../resource-words.ts';
import { dataItems } from './data-sources.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';
import { secretData } from './secret-data.ts';

interface RegistryOptions {
  readonly name: string;
  readonly server: string;
  readonly username: string;
  readonly password: string;
  readonly email: string;
  readonly files: readonly string[];
  readonly appendHash: boolean;
  readonly common: GeneratorOptions;
}

/** The key that a Secret of type kubernetes.io/dockerconfigjson must have. */
const CONFIG_KEY = '.dockerconfigjson';

/** `create secret docker-registry`: credentials for pulling images. */
export const createSecretDockerRegistry: Command = defineCommand<RegistryOptions>({
  use: 'docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
  description: `Create a secret with the credentials of an image registry.

 Pods use it through imagePullSecrets. A password on the command line is seen by everyone who can list processes; a config file given with --from-file is safer.`,
  examples: [
    {
      comment: 'From user name and password',
      command:
        'kubectl create secret docker-registry my-secret --docker-server=registry.example.com --docker-username=user --docker-password=password --docker-email=user@example.com',
    },
    {
      comment: 'From a config file that a login wrote',
      command: 'kubectl create secret docker-registry my-secret --from-file=.dockerconfigjson=config.json',
    },
  ],
  flags: [
    ...generatorFlags,
    { name: 'append-hash', type: 'bool', default: 'false', usage: 'Append a hash of the secret to its name.' },
    { name: 'docker-email', type: 'string', usage: 'Email address of the registry account.' },
    { name: 'docker-password', type: 'string', usage: 'Password of the registry account.' },
    { name: 'docker-server', type: 'string', default: 'https://index.docker.io/v1/', usage: 'Where the registry is.' },
    { name: 'docker-username', type: 'string', usage: 'User name of the registry account.' },
    {
      name: 'from-file',
      type: 'stringList',
      default: '[]',
      usage: 'Config file, or key=file, to take the credentials from.',
    },
  ],
  refusesFirst: 'format-after-name',
  parse({ args, argsBeforeDash, flags }) {
    const options: RegistryOptions = {
      name: requireOneName(args, argsBeforeDash),
      server: flags.string('docker-server'),
      username: flags.string('docker-username'),
      password: flags.string('docker-password'),
      email: flags.string('docker-email'),
      files: flags.list('from-file'),
      appendHash: flags.bool('append-hash'),
      common: generatorOptions(flags),
    };
    if (options.files.length === 0 && (options.username === '' || options.password === '' || options.server === '')) {
      throw new UserError(
        'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
      );
    }
    return options;
  },
  async run(options, context) {
    const items =
      options.files.length > 0
        ? dataItems({ literals: [], files: options.files, envFiles: [] }, {})
        : [{ key: CONFIG_KEY, value: Buffer.from(dockerConfig(options)) }];
    const object: KubeObject = {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name: options.name },
      data: secretData(items),
      type: 'kubernetes.io/dockerconfigjson',
    };
    if (options.appendHash) object.metadata.name = `${options.name}-${objectHash(object)}`;
    await createGenerated({ object, failure: 'failed to create secret ' }, options.common, context);
  },
});

function dockerConfig({ server, username, password, email }: RegistryOptions): string {
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  return compactJson(
    { auths: { [server]: { username, password, ...(email === '' ? {} : { email }), auth } } },
    { sortKeys: false },
  );
}
