import { compareBytes } from '../byte-order.ts';
import { UserError } from '../user-error.ts';

/** One condition on a field; a field that an object does not have is empty. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** All requirements hold. None selects everything. */
export interface FieldSelector {
  readonly requirements: readonly FieldRequirement[];
}

const OPERATOR = /!=|==|=/;

/**
 * Parses a selector as `--field-selector` takes it: `metadata.name=a,status.phase!=Running`; in values `\`, `,` and `=` are
 * escaped by `\`. Terms are sorted by their text. Throws UserError in apimachinery's words (fields.ParseSelector).
 */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text).sort(compareBytes)) {
    if (term === '') continue;
    const found = OPERATOR.exec(term);
    if (found === null) throw new UserError(`invalid selector: '${text}'; can't understand '${term}'`);
    requirements.push({
      field: term.slice(0, found.index),
      operator: found[0] === '!=' ? '!=' : '=',
      value: unescapeFieldValue(term.slice(found.index + found[0].length)),
    });
  }
  return { requirements };
}

/** The terms between commas that are not escaped. */
function splitTerms(text: string): string[] {
  return text === '' ? [] : splitUnescaped(text);
}

function splitUnescaped(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') {
      at++;
    } else if (text[at] === ',') {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...terms, text.slice(start)];
}

/** Takes the escapes out of a value. Throws UserError for a bad escape or a character that needed one. */
export function unescapeFieldValue(text: string): string {
  let value = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') {
      const escaped = String.fromCodePoint(...codePointAt(text, at + 1));
      if (escaped !== '\\' && escaped !== ',' && escaped !== '=') {
        throw new UserError(`invalid field selector: invalid escape sequence: \\${escaped}`);
      }
      value += escaped;
      at++;
    } else if (character === ',' || character === '=') {
      throw new UserError(`invalid field selector: unescaped character in value: ${character.charCodeAt(0)}`);
    } else {
      value += character;
    }
  }
  return value;
}

function codePointAt(text: string, at: number): number[] {
  const code = text.codePointAt(at);
  return code === undefined ? [] : [code];
}

export function escapeFieldValue(value: string): string {
  return value.replaceAll(/[\\,=]/g, String.raw`\$&`);
}

/** Whether an object with these fields is selected. */
export function fieldSelectorMatches(selector: FieldSelector, fields: Readonly<Record<string, string>>): boolean {
  return selector.requirements.every(({ field, operator, value }) => {
    const actual = Object.hasOwn(fields, field) ? fields[field] : '';
    return (actual === value) === (operator === '=');
  });
}

/** The canonical text; it parses to an equal selector. */
export function fieldSelectorText(selector: FieldSelector): string {
  return selector.requirements
    .map(({ field, operator, value }) => `${field}${operator}${escapeFieldValue(value)}`)
    .join(',');
}

/** The value that the selector asks of a field, when it asks for exactly one. */
export function exactFieldValue(selector: FieldSelector, field: string): string | undefined {
  return selector.requirements.find((each) => each.field === field && each.operator === '=')?.value;
}
