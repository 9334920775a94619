import type { KubeObject } from '../../model/kube-object.ts';
import { objectHash } from '../../model/object-hash.ts';
import { type Command, defineCommand } from '../command.ts';
import { requireOneName } from '../resource-words.ts';
import { dataItems, type DataSources } from './data-sources.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';
import { hiddenItems, hiddenSourceFlags, type HiddenSources, hiddenSourcesOf } from './hidden-sources.ts';
import { secretData } from './secret-data.ts';
import { dataSourceFlags, dataSourcesOf } from './source-flags.ts';

interface SecretOptions {
  readonly name: string;
  readonly type: string;
  readonly sources: DataSources;
  readonly hidden: HiddenSources;
  readonly appendHash: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly common: GeneratorOptions;
}

/** `create secret generic`: from literals, files, folders and env files. */
export const createSecretGeneric: Command = defineCommand<SecretOptions>({
  use: 'generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  description: `Create a secret from literal values, files, folders or env files.

 A value given with --from-literal is seen by everyone who can list processes, and stays in the shell's history; a file, --from-stdin or --from-env is safer.`,
  examples: [
    {
      comment: 'From a literal value',
      command: 'kubectl create secret generic my-secret --from-literal=password=s3cr3t',
    },
    {
      comment: 'From files, one under a key of its own',
      command: 'kubectl create secret generic my-secret --from-file=ssh-privatekey=id_rsa --from-file=user.txt',
    },
    {
      comment: 'From a password manager, seen by no other process',
      command: 'pass show db | kubectl create secret generic my-secret --from-stdin=password',
    },
    {
      comment: 'From environment variables, one under a key of its own',
      command: 'kubectl create secret generic my-secret --from-env=DB_USER,password=DB_PASSWORD',
    },
    {
      comment: 'Of a type of its own',
      command: 'kubectl create secret generic my-secret --type=example.com/custom --from-literal=a=b',
    },
  ],
  flags: [
    ...generatorFlags,
    ...dataSourceFlags('secret'),
    ...hiddenSourceFlags,
    { name: 'type', type: 'string', usage: 'The type of the secret.' },
  ],
  refusesFirst: 'format-after-name',
  parse: ({ args, argsBeforeDash, flags, env }) => ({
    name: requireOneName(args, argsBeforeDash),
    type: flags.string('type'),
    sources: dataSourcesOf(flags),
    hidden: hiddenSourcesOf(flags),
    appendHash: flags.bool('append-hash'),
    env,
    common: generatorOptions(flags),
  }),
  async run({ name, type, sources, hidden, appendHash, env, common }, context) {
    const hiddenOnes = await hiddenItems(hidden, context);
    // Each is checked before the next is read, which decides what is told of several faults.
    const data = secretData(inTurn(dataItems(sources, env), hiddenOnes));
    const object: KubeObject = {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name },
      ...(Object.keys(data).length === 0 ? {} : { data }),
      ...(type === '' ? {} : { type }),
    };
    if (appendHash) object.metadata.name = `${name}-${objectHash(object)}`;
    await createGenerated({ object, failure: 'failed to create secret ' }, common, context);
  },
});

function* inTurn<Item>(...parts: readonly Iterable<Item>[]): Generator<Item> {
  for (const part of parts) yield* part;
}
