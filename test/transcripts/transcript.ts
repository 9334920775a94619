import fs from 'node:fs';

/** One command of a transcript and what it printed when it was recorded. */
export interface Step {
  /** Set-up whose output is not compared. */
  readonly setup: boolean;
  readonly command: string;
  readonly output: string[];
  readonly errors: string[];
  status: number;
}

/** A recorded session: files laid in an empty folder, then commands run there with `kubectl` meaning the tool under test. */
export interface Transcript {
  readonly files: ReadonlyMap<string, string>;
  readonly steps: readonly Step[];
}

/**
 * Reads a transcript. Lines that start with `#` describe it; `--- NAME` starts a file and `--- steps` the steps: `$ COMMAND`,
 * below it its standard output (`> `), standard error (`! `) and, when it is not 0, its status (`? N`). `$~` is set-up.
 */
export function readTranscript(path: string): Transcript {
  const files = new Map<string, string>();
  const steps: Step[] = [];
  let section: string | undefined;
  for (const line of fs.readFileSync(path, 'utf8').replace(/\n$/, '').split('\n')) {
    const heading = /^--- (.+)$/.exec(line)?.[1];
    if (heading !== undefined) {
      section = heading;
      if (section !== 'steps') files.set(section, '');
    } else if (section === 'steps') {
      readStepLine(line, steps, path);
    } else if (section !== undefined) {
      files.set(section, `${files.get(section) ?? ''}${line}\n`);
    }
  }
  // An empty file in a transcript is one empty line when it is laid, as it was when it was recorded.
  for (const [name, text] of files) if (text === '') files.set(name, '\n');
  return { files, steps };
}

function readStepLine(line: string, steps: Step[], path: string): void {
  const command = /^\$(~?) (.*)$/.exec(line);
  if (command !== null) {
    steps.push({ setup: command[1] === '~', command: command[2] ?? '', output: [], errors: [], status: 0 });
    return;
  }
  const step = steps.at(-1);
  if (line === '' || line.startsWith('#')) return;
  if (step === undefined) throw new Error(`${path}: a step line before the first command: ${line}`);
  if (line.startsWith('>')) step.output.push(line.slice(2));
  else if (line.startsWith('!')) step.errors.push(line.slice(2));
  else if (line.startsWith('?')) step.status = Number(line.slice(2));
  else throw new Error(`${path}: cannot read the line ${line}`);
}
