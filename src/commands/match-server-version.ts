import { ConnectionError } from '../model/connection-error.ts';
import { goQuote } from '../model/go-text.ts';
import { StatusError } from '../model/status.ts';
import { UserError } from '../model/user-error.ts';
import { kubectlVersion } from '../model/version.ts';
import type { Context } from './context.ts';
import type { FlagValues } from './flag-values.ts';
import { clientVersionInfo, serverVersionInfo, VERSION_FACTS, type VersionInfo } from './version-info.ts';

/** The commands of kubectl that ask no server, and go on whatever the flag says; and those of our own that work below one. */
const ASK_NO_SERVER = new Set(['alpha', 'completion', 'config', 'kustomize', 'options', 'plugin']);
const WORK_ON_STORES = new Set(['etcd', 'serve', 'store']);

const BY_CODE: Readonly<Record<number, string>> = {
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
};

/**
 * Does what `--match-server-version` asks, as kubectl does before anything else: the server's version must be that of the
 * kubectl which kube-lite follows, or kube-lite's own to the letter. Throws UserError in kubectl's words when it is another
 * one or cannot be read, and for commands that work on a store itself. `first` is the command's first word.
 */
export async function matchServerVersion(first: string, flags: FlagValues, context: Context): Promise<void> {
  if (ASK_NO_SERVER.has(first) || isOn(flags, 'local') || isOn(flags, 'client')) return;
  if (WORK_ON_STORES.has(first)) {
    throw new UserError(`--match-server-version compares with an API server, which "${first}" does not ask`);
  }
  const client = clientVersionInfo();
  const server = await serverVersionInfo(context).catch(async (error: unknown) => {
    throw new UserError(`couldn't read version from server: ${await reasonOf(error, context)}`, { cause: error });
  });
  if (server.gitVersion === kubectlVersion || server.gitVersion === client.gitVersion) return;
  throw new UserError(`server version (&${goSyntax(server)}) differs from client version (${goSyntax(client)})`);
}

function isOn(flags: FlagValues, name: string): boolean {
  return flags.defines(name) && flags.bool(name);
}

async function reasonOf(error: unknown, context: Context): Promise<string> {
  const message = error instanceof Error ? error.message : String(error);
  // kubectl reads no Status at this place: it goes by the code.
  const byCode = error instanceof StatusError ? BY_CODE[error.status.code] : undefined;
  if (byCode !== undefined) return byCode;
  if (!(error instanceof ConnectionError)) return message;
  // Go's client waits so long for what it discovers, unless it is told otherwise.
  return `Get ${goQuote(`${await context.address()}/version?timeout=32s`)}: ${message}`;
}

/** As Go's `%#v` prints a version.Info. */
function goSyntax(info: VersionInfo): string {
  const fields = VERSION_FACTS.map((name) => {
    const value = info[name];
    return `${name[0]?.toUpperCase()}${name.slice(1)}:${goQuote(typeof value === 'string' ? value : '')}`;
  });
  return `version.Info{${fields.join(', ')}}`;
}
