/** Asks for the command's help on standard output; then fails with `problem`, or succeeds without one. */
export class HelpFirst extends Error {
  override readonly name = 'HelpFirst';
  readonly problem: Error | undefined;

  constructor(problem?: Error) {
    super('help was asked for');
    this.problem = problem;
  }
}
