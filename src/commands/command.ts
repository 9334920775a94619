import type { Context } from './context.ts';
import type { Flag } from './flag.ts';
import type { FlagValues } from './flag-values.ts';

/** What a command is told of its invocation before anything is opened. */
export interface Invocation {
  readonly args: readonly string[];
  readonly flags: FlagValues;
  /** How many of `args` stood before `--`; undefined without one. */
  readonly argsBeforeDash: number | undefined;
  readonly programName: string;
  readonly commandPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * A command in three steps: flags (data), options (`parse`, pure, throws UsageError or UserError), and `run`. Nothing reads
 * flags after `parse`. `run` throws what fails; exit.ts turns it into text and exit status.
 */
export interface CommandDefinition<Options> {
  /** The usage line after the program's name and parents: `configmap NAME [--from-literal=key1=value1]`. */
  readonly use: string;
  readonly description: string;
  /** Each a comment line and a command line that starts with `kubectl`; help prints the program's own name instead. */
  readonly examples: readonly { readonly comment: string; readonly command: string }[];
  readonly flags: readonly Flag[];
  /** The exit status of errors, where it is not 1. Wrong flags are then presented as any wrong use. */
  readonly errorStatus?: number;
  /** Whether it only looks, or asks for dry runs, so that a local store need not be made for it. */
  readonly storesNothing?: boolean;
  /**
   * What kubectl refuses before any other fault of the command line: a wrong --dry-run, or that and a format that it cannot
   * print; `format-after-name` where wrong use, as a missing NAME, is told before them.
   */
  readonly refusesFirst?: 'dry-run' | 'format' | 'format-after-name';
  parse(invocation: Invocation): Options;
  run(options: Options, context: Context): Promise<void>;
}

/** A command whose options nobody but itself looks at. */
export type Command = CommandDefinition<unknown>;

/** Types a command's `run` by what its `parse` returns. */
export function defineCommand<Options>(definition: CommandDefinition<Options>): Command {
  return {
    ...definition,
    run: (options, context) => definition.run(options as Options, context),
  };
}
