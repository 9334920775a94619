import { isUtf8 } from 'node:buffer';
import type { KubeObject } from '../../model/kube-object.ts';
import { configMapKeyMessages } from '../../model/names.ts';
import { objectHash } from '../../model/object-hash.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { requireOneName } from '../resource-words.ts';
import { dataItems, type DataSources } from './data-sources.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';
import { dataSourceFlags, dataSourcesOf } from './source-flags.ts';

interface ConfigMapOptions {
  readonly name: string;
  readonly sources: DataSources;
  readonly appendHash: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly common: GeneratorOptions;
}

/** `create configmap`: from literals, files, folders and env files. */
export const createConfigMap: Command = defineCommand<ConfigMapOptions>({
  use: 'configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  description: `Create a config map from literal values, files, folders or env files.

 A file's key is its base name unless one is given; a folder gives one key for each regular file in it whose name is a valid key. Files that are not UTF-8 text become binaryData.`,
  examples: [
    {
      comment: 'From two literal values',
      command: 'kubectl create configmap my-config --from-literal=key1=value1 --from-literal=key2=value2',
    },
    {
      comment: 'From a file, under a key of its own',
      command: 'kubectl create configmap my-config --from-file=settings=app.properties',
    },
    { comment: 'From every file of a folder', command: 'kubectl create configmap my-config --from-file=conf.d' },
    { comment: 'From lines of KEY=VALUE', command: 'kubectl create configmap my-config --from-env-file=app.env' },
  ],
  flags: [...generatorFlags, ...dataSourceFlags('config map')],
  refusesFirst: 'format-after-name',
  parse: ({ args, argsBeforeDash, flags, env }) => ({
    name: requireOneName(args, argsBeforeDash),
    sources: dataSourcesOf(flags),
    appendHash: flags.bool('append-hash'),
    env,
    common: generatorOptions(flags),
  }),
  async run({ name, sources, appendHash, env, common }, context) {
    const object = configMap(name, sources, env);
    if (appendHash) object.metadata.name = `${name}-${objectHash(object)}`;
    await createGenerated({ object, failure: 'failed to create configmap: ' }, common, context);
  },
});

function configMap(name: string, sources: DataSources, env: ConfigMapOptions['env']): KubeObject {
  const text = new Map<string, string>();
  const binary = new Map<string, string>();
  for (const { key, value } of dataItems(sources, env)) {
    const messages = configMapKeyMessages(key);
    if (messages.length > 0) {
      throw new UserError(`${JSON.stringify(key)} is not a valid key name for a ConfigMap: ${messages.join(',')}`);
    }
    for (const [taken, field] of [
      [text, 'Data'],
      [binary, 'BinaryData'],
    ] as const) {
      if (taken.has(key)) {
        throw new UserError(
          `cannot add key ${JSON.stringify(key)}, another key by that name already exists in ${field} for ConfigMap ${JSON.stringify(name)}`,
        );
      }
    }
    if (isUtf8(value)) text.set(key, value.toString('utf8'));
    else binary.set(key, value.toString('base64'));
  }
  return {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name },
    ...(text.size === 0 ? {} : { data: sortedRecord(text) }),
    ...(binary.size === 0 ? {} : { binaryData: sortedRecord(binary) }),
  };
}

/** The entries as a record in key order, as Go prints maps. */
export function sortedRecord(entries: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...entries].sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right))),
  );
}
