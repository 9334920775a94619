import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';
import { runChild } from '../run-child.ts';
import { SilentExit } from '../silent-exit.ts';
import type { DiffFolders } from './diff-folders.ts';

/** What of KUBECTL_EXTERNAL_DIFF is handed on as arguments; anything else is left out. */
const PLAIN_ARGUMENT = /^[a-zA-Z0-9-=]+$/;

/** Runs the diff program on the folders. Throws SilentExit with status 1 when it found differences, UserError when it failed. */
export async function runDiffProgram(folders: DiffFolders, context: Context): Promise<void> {
  const [program = '', ...args] = diffCommand(context.env['KUBECTL_EXTERNAL_DIFF'] ?? '', folders);
  const { failure, status } = await runChild(program, args, context);
  if (status === 0) return;
  if (status === 1) throw new SilentExit(1);
  throw new UserError(`failed to run ${JSON.stringify(program)}: ${failure}`);
}

/** An external program takes its own arguments behind the folders, as kubectl hands them. */
function diffCommand(external: string, { live, merged }: DiffFolders): string[] {
  if (external === '') return ['diff', '-u', '-N', live, merged];
  const [program = '', ...options] = external.split(' ');
  return [program, live, merged, ...options.filter((option) => PLAIN_ARGUMENT.test(option))];
}
