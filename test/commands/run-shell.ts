import { run, type Ran, type Setting } from './run-program.ts';

/** Splits a command line as a shell does: blanks, quotes of both kinds, and backslashes outside single quotes. */
export function shellWords(line: string): string[] {
  const words = line.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g,
      (_whole, double: string | undefined, single: string | undefined, escaped: string | undefined) =>
        double?.replaceAll(/\\(["\\$`])/g, '$1') ?? single ?? escaped ?? '',
    ),
  );
}

/** Runs `[NAME=VALUE …] [echo -n TEXT |] kubectl …` in this process, as a shell would. */
export async function runLine(line: string, setting: Setting = {}): Promise<Ran> {
  const piped = /^(?:printf|echo -n) (\S+) \| (.*)$/s.exec(line);
  const input = piped === null ? setting.input : shellWords(piped[1] ?? '').join('');
  const words = shellWords(piped?.[2] ?? line);
  const env = { ...setting.env };
  while (/^[A-Z_]+=/.test(words[0] ?? '')) {
    const [name = '', value = ''] = (words.shift() ?? '').split(/=(.*)/s);
    env[name] = value;
  }
  if (words.shift() !== 'kubectl') throw new Error(`not a call of kubectl: ${line}`);
  return run(words, { ...setting, env, ...(input === undefined ? {} : { input }) });
}
