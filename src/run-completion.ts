import fs from 'node:fs';
import path from 'node:path';
import { localFolder } from './choose-backend.ts';
import type { CommandRow } from './commands/command-row.ts';
import { completeLine } from './commands/completion/complete-line.ts';
import { type Completion, completionText, NOTHING } from './commands/completion/completion-result.ts';
import type { CompletionObjects } from './commands/completion/completion-source.ts';
import type { FlagValues } from './commands/flag-values.ts';
import { UserError } from './model/user-error.ts';
import type { World } from './world.ts';

/** How long a server may take before its objects are not offered, in milliseconds. */
const PATIENCE = 2000;

export interface CompletionRequest {
  /** The words behind the program's name; the last one is completed. */
  readonly words: readonly string[];
  readonly table: readonly CommandRow[];
  readonly withDescriptions: boolean;
}

/** The hidden commands `__complete` and `__completeNoDesc`: prints what may stand for the last word, as cobra does. */
export async function runCompletion(
  { words, table, withDescriptions }: CompletionRequest,
  world: World,
): Promise<void> {
  if (words.length === 0) throw new UserError('requires at least 1 arg(s), only received 0');
  const signal = AbortSignal.any([world.signal, AbortSignal.timeout(PATIENCE)]);
  const completion = completeLine(words, {
    table,
    objects: (flags) => openObjects(flags, signal, world),
    kubeconfigNames: (kind, flags) => kubeconfigNames(kind, flags, world),
  });
  const found = await Promise.race([completion, nothingAfter(PATIENCE + 500)]);
  world.streams.out.write(completionText(found, withDescriptions));
}

function nothingAfter(milliseconds: number): Promise<Completion> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(NOTHING), milliseconds).unref();
  });
}

async function openObjects(
  flags: FlagValues,
  signal: AbortSignal,
  world: World,
): Promise<CompletionObjects | undefined> {
  const { Backend } = await import('./backend.ts');
  // A completion has nobody to tell anything.
  const err = { ...world.streams.err, write: () => undefined };
  const backend = new Backend({
    flags,
    world: { ...world, streams: { ...world.streams, err } },
    warn: () => undefined,
  });
  const isLocal = (await backend.kind()) === 'local';
  if (isLocal && !fs.existsSync(path.join(localFolder(flags, world.env, world.homeFolder), 'kl.db'))) return undefined;
  const [client, namespace] = await Promise.all([backend.client(), backend.namespace()]);
  return { client, namespace: namespace.name, signal };
}

async function kubeconfigNames(
  kind: 'contexts' | 'clusters' | 'users',
  flags: FlagValues,
  world: World,
): Promise<readonly string[]> {
  const [{ loadConfig }, { kubeconfigFiles }] = await Promise.all([
    import('./kubeconfig/config-access.ts'),
    import('./kubeconfig/kubeconfig-files.ts'),
  ]);
  const config = await loadConfig(kubeconfigFiles(flags.given('kubeconfig'), world.env, world.homeFolder));
  return [...config[kind].keys()].toSorted();
}
