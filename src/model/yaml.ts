import { FAILSAFE_SCHEMA, load, type LoadOptions, type State, Type, YAMLException } from 'js-yaml';
import type { JsonValue } from './json-value.ts';
import { YamlError, yamlErrorOf } from './yaml-error.ts';
import { type ResolvedScalar, resolvePlainScalar } from './yaml-scalar.ts';
import {
  floatScalar,
  MappingKeyError,
  MarkedSequence,
  MERGE_SCALAR,
  NULL_SCALAR,
  RecursiveAnchorError,
  uint64Scalar,
  yamlValue,
} from './yaml-value.ts';

/** Containers may lie this deep in each other. go-yaml allows 10,000, which is more than a JavaScript stack can hold. */
const MOST_DEPTH = 1000;
const LONG = 'tag:yaml.org,2002:';
// What go-yaml's reader lets through.
// oxlint-disable-next-line no-control-regex -- these are the characters that it is about
const CONTROL = /[^\t\n\r\u{20}-\u{7e}\u{85}\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
const END_OF_DOCUMENT = /^\.\.\.(?:\s|$)/m;

/**
 * Reads one YAML document (no `---` between documents) as kubectl does, through go-yaml v2 and sigs.k8s.io/yaml: YAML 1.1
 * scalars, keys made strings (`n:` is "false", `1:` is "1"), merges and aliases expanded, the last of equal keys wins,
 * integers exact. An empty document is null. Aliases are copies: no two places of the value share an object.
 * Throws YamlError in go-yaml's words; never takes more than linear time or memory beyond go-yaml's alias allowance.
 */
export function parseYaml(text: string): JsonValue {
  // U+FEFF may only stand at the start.
  const source = documentOf(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if (CONTROL.test(source)) throw new YamlError('yaml: control characters are not allowed');
  const document = loadDocument(
    source,
    SEQUENCE_AS_KEY.test(source) ? { ...OPTIONS, listener: markSequences } : OPTIONS,
  );
  if (TAB_FIRST.test(source)) checkBlockTabs(source);
  if (SURROGATE_ESCAPE.test(source)) checkEscapes(source);
  try {
    return yamlValue(document, source.includes('&') || source.includes('<<'));
  } catch (error) {
    throw explained(error, source);
  }
}

/** Adds to an error what go-yaml would know of it. */
function explained(error: unknown, text: string): unknown {
  if (error instanceof RecursiveAnchorError) {
    const names = new Set([...text.matchAll(/[\s[{,:]\*([^\s,[\]{}]+)/g)].map((match) => match[1]));
    const [name] = names;
    return names.size === 1 ? new YamlError(`yaml: anchor '${name}' value contains itself`) : error;
  }
  if (error instanceof MappingKeyError) {
    const template = /\{(\{[^{}]*\})\s*[:}]/.exec(text)?.[1];
    if (template !== undefined) return new YamlError(`${error.message}: ${goSyntax(parseYaml(template))}`);
  }
  return error;
}

/** A small value as Go's `%#v` prints what go-yaml decoded. */
function goSyntax(value: JsonValue): string {
  if (value === null) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map((item) => goSyntax(item)).join(', ')}}`;
  if (typeof value !== 'object') return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}:${goSyntax(field ?? null)}`);
  return `map[interface {}]interface {}{${fields.join(', ')}}`;
}

/** go-yaml reads the first document only, and does not look at what follows its `...`. */
function documentOf(text: string): string {
  if (!text.includes('...')) return text;
  const end = END_OF_DOCUMENT.exec(text);
  return end === null || /^(?:\s|#[^\n]*\n)*$/.test(text.slice(0, end.index)) ? text : text.slice(0, end.index);
}

/**
 * Reads one YAML document for a reader that has scalars of its own: mappings are objects, sequences are arrays, what stands
 * in quotes or in a block is a string, every other scalar is what `plain` makes of its text and, where it has one, of its
 * tag (`!!int`); nothing is null or undefined. Aliases share objects. An object from `plain` that is a key counts by its `toString`,
 * for which it needs a Symbol.toStringTag. Throws YamlError, also for a key that comes twice (`duplicated mapping key`).
 */
export function parseYamlTree(text: string, plain: (text: string, tag?: ResolvedScalar['tag']) => object): unknown {
  const source = documentOf(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if (CONTROL.test(source)) throw new YamlError('yaml: control characters are not allowed');
  const implicit = new Type(`${LONG}plain`, {
    kind: 'scalar',
    resolve: (value: string | null) => value !== null,
    construct: (value: string) => plain(value),
  });
  const explicit = TAGS.map(
    (tag) =>
      new Type(`${LONG}${tag.slice(2)}`, {
        kind: 'scalar',
        construct: (value: string | null) => plain(value ?? '', tag),
      }),
  );
  const schema = FAILSAFE_SCHEMA.extend({
    implicit: [implicit],
    explicit: [...explicit, BINARY_TYPE, ...UNKNOWN_TYPES],
  });
  return loadDocument(source, { ...OPTIONS, schema, json: false });
}

function loadDocument(text: string, options: LoadOptions = OPTIONS): unknown {
  try {
    return load(text, options);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw yamlErrorOf({
      reason: error.reason,
      line: error.mark?.line ?? 0,
      position: error.mark?.position ?? 0,
      text,
      bracket: openBracket(text),
    });
  }
}

/** Reads the broken text once more, to see which bracket was open when it broke. */
function openBracket(text: string): '[' | '{' | undefined {
  const starts: number[] = [];
  let end = text.length;
  const listener = (event: 'open' | 'close', state: State): void => {
    end = state.position;
    if (event === 'open') starts.push(state.position);
    else starts.pop();
  };
  try {
    load(text, { ...OPTIONS, listener });
  } catch {
    // It is known to be broken.
  }
  for (const start of starts.toReversed()) {
    const head = /^(?:\s|#[^\n]*\n|[&!]\S*\s)*([[{])/.exec(text.slice(start, Math.max(start + 1, end + 1)));
    if (head?.[1] === '[' || head?.[1] === '{') return head[1];
  }
  return undefined;
}

/** The tag that go-yaml asked of a scalar with an explicit tag, checked as it does. */
function tagged(text: string | null, tag: ResolvedScalar['tag']): ResolvedScalar['value'] {
  const resolved: ResolvedScalar = text === null ? { tag: '!!null', value: null } : resolvePlainScalar(text);
  const fits = resolved.tag === tag || (tag === '!!float' && resolved.tag === '!!int');
  if (!fits) throw new YamlError(`yaml: cannot decode ${resolved.tag} \`${text ?? ''}\` as a ${tag}`);
  return resolved.value;
}

function explicitType(tag: ResolvedScalar['tag']): Type {
  return new Type(`${LONG}${tag.slice(2)}`, {
    kind: 'scalar',
    construct: (text: string | null) => tagged(text, tag) ?? NULL_SCALAR,
  });
}

const PLAIN_TYPE = new Type(`${LONG}plain`, {
  kind: 'scalar',
  resolve: (text: string | null) => text !== null,
  construct: (text: string) => (text === '<<' ? MERGE_SCALAR : plainValue(text)),
});

function plainValue(text: string): unknown {
  const { tag, value } = resolvePlainScalar(text);
  if (value === null) return NULL_SCALAR;
  if (typeof value !== 'number') return value;
  if (tag === '!!float') return floatScalar(value);
  return Number.isSafeInteger(value) ? value : uint64Scalar(value, text);
}

const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;
const BINARY_TYPE = new Type(`${LONG}binary`, {
  kind: 'scalar',
  construct: (text: string | null) => {
    const packed = (text ?? '').replaceAll(/[\r\n]/g, '');
    if (!BASE64.test(packed)) throw new YamlError('yaml: !!binary value contains invalid base64 data');
    return Buffer.from(packed, 'base64').toString('utf8');
  },
});

/** Tags that go-yaml does not know change nothing. */
const UNKNOWN_TYPES = (['scalar', 'sequence', 'mapping'] as const).map(
  (kind) =>
    new Type('', {
      kind,
      multi: true,
      construct: (value: unknown) => (kind === 'scalar' ? (value ?? '') : value),
    }),
);

const TAGS = ['!!null', '!!bool', '!!int', '!!float', '!!timestamp'] as const;

const SCHEMA = FAILSAFE_SCHEMA.extend({
  implicit: [PLAIN_TYPE],
  explicit: [...TAGS.map((tag) => explicitType(tag)), BINARY_TYPE, ...UNKNOWN_TYPES],
});

/** A document may have a sequence as a key: js-yaml makes a string of it, and go-yaml refuses it. */
const SEQUENCE_AS_KEY = /\][ \t]*:|^[ \t]*\?[ \t]|\*\S+[ \t]*:/m;

function markSequences(event: 'open' | 'close', { result }: State): void {
  if (event === 'close' && Array.isArray(result)) Object.setPrototypeOf(result, MarkedSequence.prototype);
}

/** Tells where the nodes of a text begin and end, inner ones first, and where those begin that they are in. */
function eachNode(text: string, visit: (start: number, end: number, around: readonly number[]) => void): void {
  const starts: number[] = [];
  const listener = (event: 'open' | 'close', { position }: State): void => {
    if (event === 'open') starts.push(position);
    else visit(starts.pop() ?? 0, position, starts);
  };
  load(text, { ...OPTIONS, listener });
}

const TAB_FIRST = /^ *\t/m;

/** Whether a tab stands where the indentation would be; the first line that is not empty has all its spaces as that. */
function isTabBefore(line: string, indent: number, first: boolean): boolean {
  const tab = /^ *\t/.test(line) ? line.indexOf('\t') : -1;
  return tab >= 0 && (first || tab < indent);
}

/** go-yaml takes no tab in the place of a block's indentation, also on a line that is empty but for it. */
function checkBlockTabs(text: string): void {
  eachNode(text, (start, end, around) => {
    checkPlainTabs(text, end, [...around, start]);
    const header = /^(?:\s|[&!]\S*\s)*[|>][-+\d]*[ \t]*(?:#[^\n]*)?\n/.exec(text.slice(start, end));
    if (header === null) return;
    // js-yaml ends the block before a line that begins with a tab, and skips such lines.
    const [blank = ''] = /^(?:[ \t]*\r?\n)*(?:[ \t]+$)?/.exec(text.slice(end)) ?? [];
    const lines = (text.slice(start + header[0].length, end) + blank).split('\n');
    const first = lines.find((line) => /[^ \r]/.test(line)) ?? '';
    const indent = first.search(/[^ ]/);
    const bad = /\d/.test(header[0]) ? -1 : lines.findIndex((line) => isTabBefore(line, indent, line === first));
    if (bad < 0) return;
    const line = text.slice(0, start + header[0].length).split('\n').length + bad;
    throw new YamlError(`yaml: line ${line}: found a tab character where an indentation space is expected`);
  });
}

/**
 * go-yaml takes no tab within the indentation of lines that are empty or a comment after a plain scalar. `starts`: where
 * the scalar and the nodes around it begin, `end`: where the scalar ends.
 */
function checkPlainTabs(text: string, end: number, starts: readonly number[]): void {
  const begins = starts.map((start) => start + (/^(?:\s|#[^\n]*\n)*/.exec(text.slice(start, end))?.[0].length ?? 0));
  const own = begins.at(-1) ?? end;
  if (own === end || /[-?:,[\]{}#&*!|>'"%@`]/.test(text[own] ?? '')) return;
  const parent = begins.findLast((begin) => begin < own && !/[[{&!]/.test(text[begin] ?? ''));
  if (parent === undefined) return;
  const column = parent - (text.lastIndexOf('\n', parent - 1) + 1);
  const from = text.lastIndexOf('\n', end - 1) === end - 1 ? end - 1 : end;
  const [after = ''] = /^[ \t]*(?:\r?\n[ \t]*)+/.exec(text.slice(from)) ?? [];
  const bad = after
    .split('\n')
    .findIndex((line, index) => index > 0 && line.includes('\t') && line.indexOf('\t') <= column);
  if (bad < 0) return;
  const line = text.slice(0, from).split('\n').length + bad;
  throw new YamlError(`yaml: line ${line}: found a tab character that violates indentation`);
}

const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F][\da-fA-F]{2}/;

/** go-yaml takes no half of a surrogate pair as an escape, where js-yaml puts two of them together. */
function checkEscapes(text: string): void {
  eachNode(text, (start, end) => {
    const quoted = text.slice(start, end).trimStart();
    if (!quoted.startsWith('"')) return;
    const at = quoted.replaceAll(/\\[^u]/g, '..').search(SURROGATE_ESCAPE);
    if (at < 0) return;
    const line = text.slice(0, start + at).split('\n').length;
    throw new YamlError(`yaml: ${line > 1 ? `line ${line}: ` : ''}found invalid Unicode character escape code`);
  });
}

const OPTIONS = {
  schema: SCHEMA,
  json: true,
  maxDepth: MOST_DEPTH,
  onWarning(warning: YAMLException): void {
    if (warning.reason.startsWith('unknown document directive')) throw warning;
  },
};
