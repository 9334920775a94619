import { type Command, defineCommand } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { completionScript, isShell, type Shell } from './completion-script.ts';

/** `completion`: the script by which a shell completes commands. */
export const completion: Command = defineCommand<Shell>({
  use: 'SHELL',
  description: `Print the script by which a shell (bash, fish, powershell or zsh) completes commands, flags, types and names of objects.

 The script is read by the shell each time it starts. It asks the program itself what may follow.`,
  examples: [
    {
      comment: 'In bash, now, and from the next start on',
      command:
        'source <(kubectl completion bash)\n  kubectl completion bash > ~/.local/share/bash-completion/completions/kubectl',
    },
    {
      comment: 'In zsh, after compinit',
      command: 'source <(kubectl completion zsh)\n  kubectl completion zsh > "${fpath[1]}/_kubectl"',
    },
    {
      comment: 'In fish',
      command: 'kubectl completion fish | source\n  kubectl completion fish > ~/.config/fish/completions/kubectl.fish',
    },
    {
      comment: 'In PowerShell, now, and from the next start on',
      command:
        'kubectl completion powershell | Out-String | Invoke-Expression\n  kubectl completion powershell >> $PROFILE',
    },
    { comment: 'For an alias, in bash', command: 'alias k=kubectl; complete -o default -F __start_kubectl k' },
  ],
  flags: [],
  parse({ args }) {
    const [shell] = args;
    if (shell === undefined) throw new UsageError('Shell not specified.');
    if (args.length > 1) throw new UsageError('Too many arguments. Expected only the shell type.');
    if (isShell(shell)) return shell;
    throw new UsageError(`Unsupported shell type ${JSON.stringify(shell)}.`);
  },
  async run(shell, context) {
    context.streams.out.write(completionScript(shell, context.programName));
  },
});
