import { UserError } from './user-error.ts';

/** A kubeconfig that cannot be used, in kubectl's own words: the message is printed without `error: ` before it. */
export class ConfigurationError extends UserError {
  override readonly name = 'ConfigurationError';

  constructor(problems: readonly string[]) {
    const [only] = problems;
    const list =
      problems.length === 1 && only !== undefined ? only : `\n${problems.map((each) => `* ${each}`).join('\n')}`;
    super(`Error in configuration: ${list}`);
  }
}
