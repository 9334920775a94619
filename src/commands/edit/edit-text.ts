import { compactJson } from '../../model/json-printer.ts';
import { UserError } from '../../model/user-error.ts';
import { parseYaml } from '../../model/yaml.ts';
import type { EditReason } from './edit-results.ts';

const OBJECT_HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;
const LAST_APPLIED_HEADER = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`;

/** The comment above the text to edit: what to do, and what was wrong with the text before. */
export function editHeader(what: 'object' | 'last-applied', reasons: readonly EditReason[]): string {
  const lines = reasons.flatMap(({ head, causes }) => [
    causes.length > 0 ? `# ${commented(head)}:\n` : `# ${commented(head)}\n`,
    ...causes.map((cause) => `# * ${commented(cause)}\n`),
    '#\n',
  ]);
  return `${what === 'object' ? OBJECT_HEADER : LAST_APPLIED_HEADER}${lines.join('')}`;
}

/** Keeps a text of several lines inside a comment. */
function commented(text: string): string {
  return text.replaceAll(/\n(?=[^#])/g, '\n# ');
}

/** The text without lines that are comments (`#!` is none), each line ended. */
export function withoutComments(text: string): string {
  const lines = text.split('\n').filter((line) => !/^\s*#(?!!)/.test(line));
  return lines.map((line) => `${line}\n`).join('');
}

/** Two texts mean the same when this is equal of them: the value, or the text without comments where there is none. */
export function editedMeaning(text: string): string {
  try {
    return compactJson(parseYaml(text), { sortKeys: true });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return withoutComments(text);
  }
}

/** Whether there is more than blanks and comments. */
export function hasContent(text: string): boolean {
  return text.split('\n').some((line) => /^\s*[^\s#]/.test(line));
}
