import { UserError } from './user-error.ts';

/** Text that is no YAML, said in go-yaml's words: `yaml: line 4: did not find expected key`. */
export class YamlError extends UserError {
  override readonly name = 'YamlError';
}

/** What js-yaml says is wrong, and where: `line` from 0, `position` in UTF-16 units of `text`. */
export interface ParserFailure {
  readonly reason: string;
  readonly line: number;
  readonly position: number;
  readonly text: string;
  /** The bracket of the innermost flow collection that was open, if one was. */
  readonly bracket: '[' | '{' | undefined;
}

/** A go-yaml problem. go-yaml counts a scanner's lines from 1 and a parser's from 0, and leaves line 0 out. */
interface Problem {
  readonly text: string;
  readonly by: 'scanner' | 'parser' | 'nobody';
  readonly line?: number;
}

const CANNOT_START: Problem = { text: 'found character that cannot start any token', by: 'scanner' };
const NO_KEY: Problem = { text: 'did not find expected key', by: 'parser' };
const NO_DASH: Problem = { text: "did not find expected '-' indicator", by: 'parser' };
const NO_COLON = "could not find expected ':'";
const ALPHANUMERIC: Problem = { text: 'did not find expected alphabetic or numeric character', by: 'scanner' };
const END_OF_STREAM: Problem = { text: 'found unexpected end of stream', by: 'scanner' };
const DOCUMENT_INDICATOR: Problem = { text: 'found unexpected document indicator', by: 'scanner' };
const NO_LINE_BREAK: Problem = { text: 'did not find expected comment or line break', by: 'scanner' };

const PROBLEMS: ReadonlyMap<string, Problem> = new Map<string, Problem>([
  ['tab characters must not be used in indentation', CANNOT_START],
  ['unexpected end of the stream within a single quoted scalar', END_OF_STREAM],
  ['unexpected end of the stream within a double quoted scalar', END_OF_STREAM],
  ['unexpected end of the document within a single quoted scalar', DOCUMENT_INDICATOR],
  ['unexpected end of the document within a double quoted scalar', DOCUMENT_INDICATOR],
  ['unknown escape sequence', { text: 'found unknown escape character', by: 'scanner' }],
  ['expected hexadecimal character', { text: 'did not find expected hexdecimal number', by: 'scanner' }],
  ['name of an alias node must contain at least one character', ALPHANUMERIC],
  ['name of an anchor node must contain at least one character', ALPHANUMERIC],
  ['directives end mark is expected', { text: 'did not find expected <document start>', by: 'parser' }],
  ['duplication of %YAML directive', { text: 'found duplicate %YAML directive', by: 'parser' }],
  ['unacceptable YAML version of the document', { text: 'found incompatible YAML document', by: 'parser' }],
  ["expected the node content, but found ','", { text: 'did not find expected node content', by: 'parser' }],
  ['duplication of an anchor property', NO_KEY],
  ['duplication of a tag property', NO_KEY],
  ['alias node should not have any properties', NO_KEY],
  ['a line break is expected', NO_LINE_BREAK],
  ['repeat of a chomping mode identifier', NO_LINE_BREAK],
  ['repeat of an indentation width identifier', NO_LINE_BREAK],
  [
    'bad explicit indentation width of a block scalar; it cannot be less than one',
    { text: 'found an indentation indicator equal to 0', by: 'scanner' },
  ],
  ['unexpected end of the stream within a verbatim tag', { text: "did not find the expected '>'", by: 'scanner' }],
  [
    'expected a single document in the stream, but found more',
    { text: 'did not find expected node content', by: 'parser' },
  ],
  ['the stream contains non-printable characters', { text: 'control characters are not allowed', by: 'nobody' }],
  ['expected valid JSON character', { text: 'control characters are not allowed', by: 'nobody' }],
]);

/** The error that go-yaml v2 reports where js-yaml reported `failure`; the line is go-yaml's own, off by one as there. */
export function yamlErrorOf(failure: ParserFailure): YamlError {
  const problem = PROBLEMS.get(failure.reason) ?? positionalProblem(failure);
  const line = problem.by === 'nobody' ? 0 : (problem.line ?? failure.line);
  const where = line === 0 ? '' : `line ${problem.by === 'scanner' ? line + 1 : line}: `;
  return new YamlError(`yaml: ${where}${problem.text}`);
}

function positionalProblem(failure: ParserFailure): Problem {
  const { reason } = failure;
  const alias = /^unidentified alias "(.*)"$/s.exec(reason);
  if (alias !== null) return { text: `unknown anchor '${alias[1] ?? ''}' referenced`, by: 'nobody' };
  if (reason.startsWith('undeclared tag handle')) return { text: 'found undefined tag handle', by: 'parser' };
  if (reason.startsWith('nesting exceeded')) {
    return { text: `exceeded max depth of ${/\d+/.exec(reason)?.[0] ?? ''}`, by: 'scanner' };
  }
  if (reason.startsWith('unknown document directive')) {
    return { text: 'found unknown directive name', by: 'scanner', line: failure.line - 1 };
  }
  if (reason.includes('flow collection')) return flowProblem(failure);
  if (reason.includes('colon is missed') || reason.includes('multiline key')) return missingColon(failure);
  if (reason === 'missing indentation for block scalar') {
    return { text: NO_COLON, by: 'scanner', line: failure.line + 1 };
  }
  if (/^(?:bad indentation|end of the stream|incomplete explicit|a whitespace character)/.test(reason)) {
    return structureProblem(failure);
  }
  return { text: reason, by: 'scanner' };
}

function flowProblem(failure: ParserFailure): Problem {
  const found = characterProblem(failure);
  if (found !== undefined && found.text !== MAPPING_VALUES.text) return found;
  if (failure.reason.includes('end of the stream') && /[[{,:]\s*$/.test(failure.text.slice(-4096))) {
    return { text: 'did not find expected node content', by: 'parser' };
  }
  return { text: `did not find expected ',' or '${failure.bracket === '{' ? '}' : ']'}'`, by: 'parser' };
}

/** go-yaml notices a missing colon at the token after the key. */
function missingColon(failure: ParserFailure): Problem {
  const bad = characterProblem(failure);
  if (bad !== undefined && bad.text === CANNOT_START.text) return bad;
  const gap = /^(?:\s|#[^\n]*)*/.exec(failure.text.slice(failure.position))?.[0] ?? '';
  const lines = gap.split('\n').length - 1;
  if (lines === 0 && failure.position + gap.length < failure.text.length && !failure.reason.includes('multiline')) {
    return NO_KEY;
  }
  return { text: NO_COLON, by: 'scanner', line: failure.line + lines };
}

const MAPPING_VALUES: Problem = { text: 'mapping values are not allowed in this context', by: 'scanner' };

function characterProblem({ text, position }: ParserFailure): Problem | undefined {
  const character = text.charAt(position);
  if (character !== '' && '@`%\t'.includes(character)) return CANNOT_START;
  if (character !== ':' || !/^:\s/.test(text.slice(position, position + 2))) return undefined;
  const line = text.slice(text.lastIndexOf('\n', position) + 1, position);
  return /^ *\t/.test(line) ? CANNOT_START : MAPPING_VALUES;
}

function structureProblem(failure: ParserFailure): Problem {
  const found = failure.reason.startsWith('incomplete explicit') ? undefined : characterProblem(failure);
  if (found !== undefined) return found;
  if (failure.reason === 'bad indentation of a sequence entry' || followsDash(failure)) return NO_DASH;
  return failure.reason.startsWith('end of the stream') ? afterRoot(failure.text) : NO_KEY;
}

/** Whether the block that the broken line belongs to, by its indentation, is a sequence. */
function followsDash({ text, position }: ParserFailure): boolean {
  let start = text.lastIndexOf('\n', position - 1) + 1;
  const indent = position - start;
  while (start > 0) {
    const end = start - 1;
    start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end);
    const depth = line.search(/[^ ]/);
    if (depth !== -1 && depth <= indent) return depth === indent && /^ *-\s/.test(line);
  }
  return false;
}

/** What go-yaml expects where the root node of the document has ended and there is more. */
function afterRoot(text: string): Problem {
  const start = /^(?:\s|#[^\n]*\n|---(?=\s))*/.exec(text)?.[0].length ?? 0;
  const root = text.slice(start, start + 2);
  if (/^-\s/.test(root)) return NO_DASH;
  return /^[[{"']/.test(root) ? { text: 'did not find expected <document start>', by: 'parser' } : NO_KEY;
}
