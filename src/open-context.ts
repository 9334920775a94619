import { commandTable } from './commands/command-table.ts';
import type { Command, Invocation } from './commands/command.ts';
import type { Context } from './commands/context.ts';
import { isClientDryRun } from './commands/dry-run.ts';
import { findCommand } from './commands/find-command.ts';
import { globalFlags } from './commands/global-flags.ts';
import { keyPrefix } from './etcd-flags.ts';
import { terminalText } from './model/terminal-text.ts';
import { UserError } from './model/user-error.ts';
import type { World } from './world.ts';

/** The context of one invocation. `finish` is called when the command has succeeded. */
export type OpenContext = Context & { finish(): void };

/** Makes the context of a command. Nothing is opened before a member is called that needs it. */
export function openContext(command: Command, invocation: Invocation, world: World): OpenContext {
  const { programName, commandPath } = invocation;
  // A command may have a flag of its own under a global flag's name: `set subject --user`.
  const flags = invocation.flags.only(globalFlags);
  const warned = new Set<string>();
  const warn = (text: string): void => {
    if (warned.has(text)) return;
    warned.add(text);
    const { err } = world.streams;
    err.write(`Warning: ${err.isTerminal ? terminalText(text) : text}\n`);
  };
  const backend = once(async () => {
    const { Backend } = await import('./backend.ts');
    const likeEtcdctl = invocation.flags.defines('endpoints');
    const storesNothing = command.storesNothing === true || isClientDryRun(invocation.flags);
    return new Backend({ flags, world, warn, likeEtcdctl, storesNothing });
  });
  return {
    programName,
    commandPath,
    streams: world.streams,
    env: world.env,
    homeFolder: world.homeFolder,
    signal: world.signal,
    now: () => world.now(),
    warn,
    keyPrefix: keyPrefix(flags, world.env),
    namespace: once(async () => (await backend()).namespace()),
    backend: once(async () => (await backend()).kind()),
    address: once(async () => (await backend()).address()),
    commandNamed: async (words) => {
      const { rows } = await findCommand(words, commandTable);
      return rows.length === 0 ? undefined : [programName, ...rows.map(({ name }) => name)].join(' ');
    },
    client: once(async () => (await backend()).client()),
    clientAt: async (revision) => (await backend()).clientAt(revision),
    storage: once(async () => (await backend()).storage()),
    storeCare: once(async () => (await backend()).storeCare()),
    values: once(async () => (await backend()).values()),
    configuredValues: once(async () => (await backend()).configuredValues()),
    past: async (place) => (await backend()).past(place),
    etcdServer: async (reach) => (await backend()).etcdServer(reach),
    serve: async (options) => (await backend()).serve(options),
    proxy: async (wishes) => (await backend()).proxy(wishes),
    finish() {
      if (!flags.bool('warnings-as-errors') || warned.size === 0) return;
      throw new UserError(`${warned.size} ${warned.size === 1 ? 'warning' : 'warnings'} received`);
    },
  };
}

/** Calls `make` at the first use and keeps its promise. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
