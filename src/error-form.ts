import { FlagError } from './commands/flag-error.ts';
import { dashedName } from './commands/parse-flags.ts';

/** How the errors of this invocation are presented. */
export interface ErrorForm {
  readonly detailed: boolean;
  readonly json: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `--exit-codes` and `--error-format`, or `KUBE_LITE_EXIT_CODES` and `KUBE_LITE_ERROR_FORMAT`, from a command line
 * that may be wrong otherwise: its own errors are to be presented so too. Throws FlagError for an unknown value.
 */
export function errorForm(argv: readonly string[], env: Environment): ErrorForm {
  const choose = (flag: string, variable: string, values: readonly [string, string]): boolean => {
    const given = lastValue(argv, flag);
    const value = given ?? env[variable];
    if (value === undefined || (given === undefined && value === '')) return false;
    if (values.includes(value)) return value === values[1];
    const place = given === undefined ? variable : `--${flag}`;
    throw new FlagError(`${place} must be one of ${values.join(', ')}, not ${JSON.stringify(value)}`);
  };
  return {
    detailed: choose('exit-codes', 'KUBE_LITE_EXIT_CODES', ['simple', 'detailed']),
    json: choose('error-format', 'KUBE_LITE_ERROR_FORMAT', ['text', 'json']),
  };
}

function lastValue(argv: readonly string[], flag: string): string | undefined {
  let value: string | undefined;
  for (const [index, word] of argv.entries()) {
    if (word === '--') break;
    const name = dashedName(word.slice(0, flag.length + 2));
    if (name !== `--${flag}`) continue;
    if (word.length === name.length) value = argv[index + 1];
    else if (word[name.length] === '=') value = word.slice(name.length + 1);
  }
  return value;
}
