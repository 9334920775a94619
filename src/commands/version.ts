import os from 'node:os';
import { isJsonObject } from '../model/json-value.ts';
import { kubectlVersion, kubeLiteVersion, kustomizeVersion } from '../model/version.ts';
import { UserError } from '../model/user-error.ts';
import { type Command, defineCommand } from './command.ts';
import type { Context } from './context.ts';
import { Failures } from './failures.ts';
import { skewWarning } from './version-skew.ts';

interface VersionOptions {
  readonly clientOnly: boolean;
  readonly output: string;
  readonly warningsAreErrors: boolean;
}

/** The facts that a Go client prints of itself; kube-lite says in gitVersion what it is. */
interface VersionInfo {
  readonly major?: string;
  readonly minor?: string;
  readonly gitVersion: string;
  readonly [fact: string]: unknown;
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
  const clientVersion = clientInfo();
  let serverVersion: VersionInfo | undefined;
  const failures = new Failures();
  if (!options.clientOnly) {
    try {
      serverVersion = await serverInfo(context);
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

/** In the fields of Go's version.Info; those that a Go build would have are empty. */
function clientInfo(): VersionInfo {
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(kubectlVersion) ?? [];
  return {
    major,
    minor,
    gitVersion: `${kubectlVersion}+kube-lite.${kubeLiteVersion}`,
    gitCommit: '',
    gitTreeState: '',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: 'node',
    platform: `${GO_NAMES[os.platform()] ?? os.platform()}/${GO_NAMES[os.arch()] ?? os.arch()}`,
  };
}

/** What Go calls a system or a processor that Node calls otherwise. */
const GO_NAMES: Readonly<Record<string, string>> = { win32: 'windows', x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };

async function serverInfo(context: Context): Promise<VersionInfo> {
  const client = await context.client();
  const { body } = await client.request({ method: 'GET', path: '/version', signal: context.signal });
  const given: Readonly<Record<string, unknown>> = isJsonObject(body) ? body : {};
  const facts = FACTS.map((name) => [name, textOf(given[name])] as const);
  return Object.fromEntries(
    facts.filter(([name, value]) => value !== '' || !OPTIONAL.test(name)),
  ) as unknown as VersionInfo;
}

/** The fields of Go's version.Info, in its order. */
const FACTS = [
  'major',
  'minor',
  'emulationMajor',
  'emulationMinor',
  'minCompatibilityMajor',
  'minCompatibilityMinor',
  'gitVersion',
  'gitCommit',
  'gitTreeState',
  'buildDate',
  'goVersion',
  'compiler',
  'platform',
];

/** What servers before 1.33 do not tell. */
const OPTIONAL = /^(?:emulation|minCompatibility)/;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
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
