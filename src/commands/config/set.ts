import { changeProperty } from '../../kubeconfig/config-property.ts';
import { modifyConfig } from '../../kubeconfig/modify-config.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { configFilesOf, type ConfigOptions, unexpectedArguments } from './config-files.ts';

interface SetOptions extends ConfigOptions {
  readonly property: string;
  readonly value: string;
  readonly rawBytes: boolean;
}

/** `config set`: sets one property. */
export const configSet: Command = defineCommand<SetOptions>({
  use: 'set PROPERTY_NAME PROPERTY_VALUE',
  description: `Set one value in a kubeconfig file.

 PROPERTY_NAME is a path with dots: clusters, users or contexts, the name of an entry, and a field of it; or current-context, or preferences.colors. Data, such as certificate-authority-data, is given as base64 unless --set-raw-bytes is given.`,
  examples: [
    {
      comment: 'Set the server of a cluster',
      command: 'kubectl config set clusters.my-cluster.server https://1.2.3.4',
    },
    { comment: 'Set the cluster of a context', command: 'kubectl config set contexts.my-context.cluster my-cluster' },
  ],
  flags: [
    { name: 'set-raw-bytes', type: 'bool', default: 'false', usage: 'Take the value of data as it is, not as base64.' },
  ],
  parse(invocation) {
    const { args, flags } = invocation;
    const [property, value] = args;
    if (property === undefined || value === undefined || args.length > 2) throw unexpectedArguments(invocation);
    if (value === '') throw new UserError('you cannot use set to unset a property');
    if (property === '') throw new UserError('you must specify a property');
    return { property, value, rawBytes: flags.bool('set-raw-bytes'), kubeconfig: flags.given('kubeconfig') };
  },
  async run({ property, value, rawBytes, ...options }, context) {
    await modifyConfig(
      configFilesOf(options, context),
      (config) => changeProperty(config, property, { value, rawBytes }),
      false,
    );
    context.streams.out.write(`Property ${JSON.stringify(property)} set.\n`);
  },
});

/** `config unset`: removes one property, or an entry. */
export const configUnset: Command = defineCommand<Omit<SetOptions, 'value' | 'rawBytes'>>({
  use: 'unset PROPERTY_NAME',
  description: `Remove one value, or an entry, from a kubeconfig file.

 PROPERTY_NAME is a path with dots, as of set.`,
  examples: [
    { comment: 'Remove the current context', command: 'kubectl config unset current-context' },
    { comment: 'Remove the namespace of a context', command: 'kubectl config unset contexts.my-context.namespace' },
  ],
  flags: [],
  parse(invocation) {
    const [property] = invocation.args;
    if (property === undefined || invocation.args.length > 1) throw unexpectedArguments(invocation);
    if (property === '') throw new UserError('you must specify a property');
    return { property, kubeconfig: invocation.flags.given('kubeconfig') };
  },
  async run({ property, ...options }, context) {
    await modifyConfig(
      configFilesOf(options, context),
      (config) => changeProperty(config, property, { value: undefined, rawBytes: true }),
      false,
    );
    context.streams.out.write(`Property ${JSON.stringify(property)} unset.\n`);
  },
});
