/** Ends the program with a status and prints nothing more: everything was said already. */
export class SilentExit extends Error {
  override readonly name = 'SilentExit';
  readonly exitStatus: number;

  constructor(exitStatus: number) {
    super(`exit ${exitStatus}`);
    this.exitStatus = exitStatus;
  }
}
