/** Why the program's signal was aborted: the process was sent a signal. */
export class Interrupt extends Error {
  override readonly name = 'Interrupt';
  /** What a shell has as `$?` of a process that the signal ended: 130 or 143. */
  readonly exitStatus: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`interrupted by ${signal}`);
    this.exitStatus = signal === 'SIGINT' ? 130 : 143;
  }
}
