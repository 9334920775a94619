import { runKubectl } from './run-kubectl.ts';

/** A flag as the real kubectl's help shows it. */
export interface SurfaceFlag {
  readonly name: string;
  readonly short: string;
  /** As help prints it, without quotes. */
  readonly default: string;
}

/** A command as the real kubectl's help shows it. */
export interface SurfaceCommand {
  readonly path: readonly string[];
  readonly flags: readonly SurfaceFlag[];
  readonly hasExamples: boolean;
  readonly aliases: readonly string[];
}

/** Every command of the real kubectl that its help leads to, and the flags that all take under the empty path. */
export async function kubectlSurface(): Promise<SurfaceCommand[]> {
  const commands: SurfaceCommand[] = [];
  let level: string[][] = [[]];
  while (level.length > 0) {
    const texts = await Promise.all(level.map((path) => helpOf(path)));
    const next: string[][] = [];
    for (const [index, path] of level.entries()) {
      const text = texts[index] ?? '';
      commands.push(commandOf(path, text));
      next.push(...childrenOf(text).map((name) => [...path, name]));
    }
    level = next;
  }
  return commands;
}

async function helpOf(path: readonly string[]): Promise<string> {
  const { stdout } = await runKubectl([...path, '--help']);
  if (path.length > 0) return stdout;
  return `${stdout}${(await runKubectl(['options'])).stdout}`;
}

function commandOf(path: readonly string[], text: string): SurfaceCommand {
  const flags = [...text.matchAll(/^ {4}(?:-(\w), |  {4})?--([\w-]+)=(.*):$/gm)].map(
    ([, short = '', name = '', value = '']) => ({
      name,
      short,
      default: value.replace(/^'(.*)'$/s, '$1'),
    }),
  );
  const [, aliases = ''] = /^Aliases:\n *(.*)$/m.exec(text) ?? [];
  return {
    path,
    flags,
    hasExamples: /^Examples:$/m.test(text),
    aliases: aliases
      .split(', ')
      .filter((each) => each !== '')
      .slice(1),
  };
}

function childrenOf(text: string): string[] {
  return [...text.matchAll(/^(?:[A-Z].*)?Commands(?: \(.*\))?:\n((?: {2}.*\n)+)/gm)].flatMap(([, rows = '']) =>
    [...rows.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name),
  );
}
