import type { FoundCommand } from './commands/find-command.ts';
import { flagsWithGlobal } from './commands/global-flags.ts';
import { nearWords } from './commands/near-words.ts';

/**
 * What a person may have meant by a sub-command or flag that there is not, as a line below the error; empty when nothing is
 * near. kubectl has none of these, so that only a person is shown them.
 */
export function suggestion(message: string, found: FoundCommand): string {
  const flag = /^unknown flag: --([^=]+)/.exec(message)?.[1];
  if (flag !== undefined) {
    const shown = flagsWithGlobal(found.command?.flags ?? []).filter((each) => each.hidden !== true);
    return didYouMean(
      nearWords(
        flag,
        shown.map(({ name }) => name),
      ).map((name) => `--${name}`),
    );
  }
  const word = /^(?:unknown command "|Unexpected args: \[)([^\s"\]]+)/.exec(message)?.[1];
  const children = found.rows.at(-1)?.children ?? [];
  return word === undefined
    ? ''
    : didYouMean(
        nearWords(
          word,
          children.map(({ name }) => name),
        ),
      );
}

function didYouMean(words: readonly string[]): string {
  return words.length === 0 ? '' : `Did you mean ${words.slice(0, 3).join(' or ')}?\n`;
}
