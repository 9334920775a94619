import { BASH_SCRIPT } from './bash-script.ts';
import { FISH_SCRIPT } from './fish-script.ts';
import { POWERSHELL_SCRIPT } from './powershell-script.ts';
import { ZSH_SCRIPT } from './zsh-script.ts';

const SCRIPTS = { bash: BASH_SCRIPT, fish: FISH_SCRIPT, powershell: POWERSHELL_SCRIPT, zsh: ZSH_SCRIPT } as const;

export type Shell = keyof typeof SCRIPTS;

/** Whether there is a completion script for a shell. */
export function isShell(name: string): name is Shell {
  return Object.hasOwn(SCRIPTS, name);
}

/**
 * The script that completes commands of `programName` in a shell. It runs whatever the command line starts with, so that
 * it serves aliases and paths too.
 */
export function completionScript(shell: Shell, programName: string): string {
  // A kubectl plugin is completed as the program that it is: kubectl-lite.
  const name = programName.replaceAll(' ', '-');
  // Raw templates cannot hold a shell's own braces without the backslash.
  const script = SCRIPTS[shell].replaceAll('\\${', '${');
  return script.replaceAll('%NAME%', name).replaceAll('%FUNCTION%', name.replaceAll(/\W/g, '_'));
}
