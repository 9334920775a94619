import fs from 'node:fs';
import path from 'node:path';
import type { FlagValues } from './commands/flag-values.ts';
import { kubercPlace } from './commands/kuberc/kuberc-place.ts';
import type { World } from './world.ts';

/** Which credential plugins the person's preferences refuse; undefined when they say nothing of that. */
export async function preferredPlugins(
  flags: FlagValues,
  { env, homeFolder }: World,
): Promise<((command: string) => string | undefined) | undefined> {
  const file = kubercPlace(flags.given('kuberc'), env, homeFolder);
  if (file === undefined) return undefined;
  const [{ readPreferences }, { pluginRefusal }] = await Promise.all([
    import('./commands/kuberc/read-preferences.ts'),
    import('./commands/kuberc/plugin-policy.ts'),
  ]);
  // What is wrong with the file was told when the command line was read.
  const preferences = readPreferences(file, () => undefined);
  if (preferences.credentialPluginPolicy === '') return undefined;
  return (command) => pluginRefusal(preferences, command, (name) => onPath(name, env['PATH'] ?? ''));
}

/** The file that a name without a folder means, as exec.LookPath finds it; the name itself when there is none. */
function onPath(name: string, search: string): string {
  if (name.includes('/')) return name;
  const files = search.split(path.delimiter).map((folder) => path.join(folder || '.', name));
  return files.find(isExecutable) ?? name;
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
