import { kustomizeVersion } from '../model/version.ts';
import { UserError } from '../model/user-error.ts';
import { type Command, defineCommand } from './command.ts';
import type { Context } from './context.ts';
import { Failures } from './failures.ts';
import { clientVersionInfo, serverVersionInfo, type VersionInfo } from './version-info.ts';
import { skewWarning } from './version-skew.ts';

interface VersionOptions {
  readonly clientOnly: boolean;
  readonly output: string;
  readonly warningsAreErrors: boolean;
}

/** `version`: the client's, and that of the server that it talks to. */
export const version: Command = defineCommand<VersionOptions>({
  use: '',
  description: 'Print the version of the client, and of the server of the current backend.',
  examples: [
    { comment: 'Both versions', command: 'kubectl version' },
    { comment: 'Only the client, without asking a server', command: 'kubectl version --client' },
  ],
  flags: [
    { name: 'client', type: 'bool', default: 'false', usage: 'Only show the client version; no server is needed.' },
    { name: 'output', short: 'o', type: 'string', values: ['json', 'yaml'], usage: "One of 'yaml' or 'json'." },
  ],
  parse({ args, flags }) {
    if (args.length > 0) throw new UserError(`extra arguments: [${args.join(' ')}]`);
    const output = flags.string('output');
    if (output !== '' && output !== 'yaml' && output !== 'json') {
      throw new UserError("--output must be 'yaml' or 'json'");
    }
    return { clientOnly: flags.bool('client'), output, warningsAreErrors: flags.bool('warnings-as-errors') };
  },
  run,
});

async function run(options: VersionOptions, context: Context): Promise<void> {
  const clientVersion = clientVersionInfo();
  let serverVersion: VersionInfo | undefined;
  const failures = new Failures();
  if (!options.clientOnly) {
    try {
      serverVersion = await serverVersionInfo(context);
    } catch (error) {
      failures.add(error);
    }
  }
  const versions = { clientVersion, kustomizeVersion, ...(serverVersion === undefined ? {} : { serverVersion }) };
  await printVersions(versions, options.output, context);
  if (serverVersion !== undefined) {
    const warning = skewWarning(clientVersion.gitVersion, serverVersion.gitVersion);
    if (warning !== undefined && options.warningsAreErrors) throw new UserError(warning);
    if (warning !== undefined) context.warn(warning);
  }
  failures.throwAny();
}

async function printVersions(
  versions: { clientVersion: VersionInfo; serverVersion?: VersionInfo },
  output: string,
  context: Context,
): Promise<void> {
  const { out } = context.streams;
  if (output === 'json') {
    const { printJson } = await import('../model/json-printer.ts');
    out.write(`${printJson(versions, { indent: 2, sortKeys: false })}\n`);
  } else if (output === 'yaml') {
    const { printYaml } = await import('../model/yaml-printer.ts');
    out.write(`${printYaml(versions)}\n`);
  } else {
    out.write(`Client Version: ${versions.clientVersion.gitVersion}\n`);
    out.write(`Kustomize Version: ${kustomizeVersion}\n`);
    if (versions.serverVersion !== undefined) out.write(`Server Version: ${versions.serverVersion.gitVersion}\n`);
  }
}
