import { type Setting, run } from '../commands/run-program.ts';
import { type Ran, runKubectl } from './run-kubectl.ts';

/** A command line and what it is given on standard input. */
export interface CommandLine {
  readonly argv: readonly string[];
  readonly input?: string;
}

/** A command line, and what it came to. */
export interface RanLine extends CommandLine, Ran {}

/** Processes at once; kubectl takes a core of its own for a moment. */
const AT_ONCE = 4;

/** What kube-lite and the real kubectl come to, line by line; each is given its own flags after the command's name. */
export async function ranAlike(
  lines: readonly CommandLine[],
  { flags = [], setting = {} }: { readonly flags?: readonly string[]; readonly setting?: Setting } = {},
): Promise<{ readonly ours: RanLine[]; readonly theirs: RanLine[] }> {
  const ours: RanLine[] = [];
  const theirs: RanLine[] = [];
  const waiting = lines.entries();
  const lane = async (): Promise<void> => {
    for (const [index, line] of waiting) {
      const [command = '', ...rest] = line.argv;
      const argv = [command, ...flags, ...rest];
      const input = line.input ?? '';
      const [our, their] = await Promise.all([run(argv, { ...setting, input }), runKubectl(argv, input)]);
      ours[index] = { ...line, status: our.status, stdout: our.output, stderr: our.errors };
      theirs[index] = { ...line, ...their };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { ours, theirs };
}
