import fs from 'node:fs';
import type { Result } from './replay.ts';

/**
 * Puts what the steps of a transcript printed this time in the place of what its file says. Comments, files and commands stay
 * as they are written; `results` has one entry a step that is not set-up, in order.
 */
export function writeTranscript(file: string, results: readonly Result[]): void {
  const [head, ...steps] = fs.readFileSync(file, 'utf8').split(/^(?=--- steps$)/m);
  const left = [...results];
  const lines = steps
    .join('')
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => !/^[>!?]/.test(line))
    .flatMap((line) => (line.startsWith('$ ') ? [line, ...resultLines(left.shift())] : [line]));
  fs.writeFileSync(file, `${head ?? ''}${lines.join('\n')}\n`);
}

function resultLines(result: Result | undefined): string[] {
  if (result === undefined) throw new Error('the transcript has more steps than were run');
  const status = result.status === 0 ? [] : [`? ${result.status}`];
  return [...marked('>', result.output), ...marked('!', result.errors), ...status];
}

function marked(mark: string, text: string): string[] {
  if (text === '') return [];
  const lines = text.replace(/\n$/, '').split('\n');
  return lines.map((line) => (line === '' ? mark : `${mark} ${line}`));
}
