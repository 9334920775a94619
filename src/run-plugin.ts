import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { findPlugin } from './commands/plugin/plugins.ts';
import { UserError } from './model/user-error.ts';
import type { World } from './world.ts';

/**
 * Runs the plugin that a command line names, on the program's own streams, and resolves with its status; undefined when
 * there is none. The plugin finds the program in $KUBECTL_PATH.
 */
export async function runPlugin(argv: readonly string[], least: number, world: World): Promise<number | undefined> {
  const plugin = findPlugin(argv, least, world.env);
  if (plugin === undefined) return undefined;
  const { file, words } = plugin;
  const env = { ...world.env, KUBECTL_PATH: fs.realpathSync(world.programFile) };
  return new Promise((resolve, reject) => {
    const child = spawn(file, argv.slice(words), { stdio: 'inherit', env });
    child.on('error', (error) => reject(new UserError(`fork/exec ${file}: ${error.message}`, { cause: error })));
    child.on('close', (status, signal) =>
      resolve(status ?? 128 + (signal === null ? 0 : os.constants.signals[signal])),
    );
  });
}
