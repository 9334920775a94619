/** An open block collection: where its lines start, and which line, from 0, it began on. */
interface Block {
  readonly kind: 'mapping' | 'sequence';
  readonly indent: number;
  readonly line: number;
}

const MESSAGE = /^yaml: line (\d+): (.*)$/s;

/**
 * A go-yaml v2 message about broken YAML as go-yaml v3 has it, which kustomize reads with: v3 names the line that the broken
 * collection, key or quoted text began on. Found from the lines' indentation, so a guess in intricate documents.
 */
export function v3Message(message: string, text: string): string {
  const [, number, problem = ''] = MESSAGE.exec(message) ?? [];
  if (number === undefined) return message;
  const lines = text.split('\n');
  const at = (line: number | undefined, problemNow = problem): string =>
    `yaml: line ${line === undefined || line <= 0 ? number : line}: ${problemNow}`;
  if (problem === "could not find expected ':'") return at(1 + lastContentBefore(lines, Number(number) - 1));
  if (problem === 'found unexpected end of stream') return at(openQuote(lines));
  if (problem.startsWith("did not find expected ',' or")) return at(openBracket(lines, Number(number)));
  if (/^did not find expected (?:key|'-' indicator)$/.test(problem)) {
    const block = brokenBlock(lines, Number(number));
    if (block === undefined) return message;
    const now = block.kind === 'mapping' ? 'did not find expected key' : "did not find expected '-' indicator";
    return at(block.line, now);
  }
  return message;
}

function isContent(line: string): boolean {
  return /^\s*[^\s#]/.test(line);
}

function lastContentBefore(lines: readonly string[], index: number): number {
  return lines.findLastIndex((line, at) => at < index && isContent(line));
}

/** The line, from 1, of a quote that nothing closes. */
function openQuote(lines: readonly string[]): number | undefined {
  const text = lines.join('\n');
  const starts = /(?:^|[:[{,]\s|-\s|[[{,])[ \t]*(["'])|(?:^|\s)#[^\n]*/gm;
  for (let match = starts.exec(text); match !== null; match = starts.exec(text)) {
    const quote = match[1];
    if (quote === undefined) continue;
    const rest = quote === '"' ? /(?:[^"\\]|\\.)*"/sy : /(?:[^']|'')*'/y;
    rest.lastIndex = starts.lastIndex;
    if (!rest.test(text)) return text.slice(0, starts.lastIndex).split('\n').length;
    starts.lastIndex = rest.lastIndex;
  }
  return undefined;
}

/** The line, from 0, of the innermost bracket that is open before a line, from 1. */
function openBracket(lines: readonly string[], before: number): number | undefined {
  const open: number[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?:^|\s)#.*|[[{]|[\]}]/g;
  for (const [index, line] of lines.slice(0, before + 1).entries()) {
    for (const [token] of line.matchAll(tokens)) {
      if (token === '[' || token === '{') open.push(index);
      else if ((token === ']' || token === '}') && open.length > 0) open.pop();
    }
  }
  return open.at(-1);
}

/** The collection that a line, from 0, should have gone on with. */
function brokenBlock(lines: readonly string[], broken: number): Block | undefined {
  const open: Block[] = [];
  for (const [index, line] of lines.slice(0, broken).entries()) {
    if (isContent(line) && !line.startsWith('---')) openBlocks(open, line, index);
  }
  const indent = (lines[broken] ?? '').search(/\S/);
  closeBlocks(open, indent);
  return open.at(-1);
}

function closeBlocks(open: Block[], indent: number): void {
  while ((open.at(-1)?.indent ?? -1) > indent) open.pop();
}

function openBlocks(open: Block[], line: string, index: number): void {
  let indent = line.search(/\S/);
  closeBlocks(open, indent);
  for (
    let item = /^-(?:\s+|$)/.exec(line.slice(indent));
    item !== null;
    item = /^-(?:\s+|$)/.exec(line.slice(indent))
  ) {
    // A list may stand at the indentation of its key; then it is no block of its own.
    if (open.at(-1)?.indent !== indent) open.push({ kind: 'sequence', indent, line: index });
    indent += item[0].length;
    closeBlocks(open, indent);
  }
  const isKey = /^(?:"[^"]*"|'[^']*'|[^\s#[{"'][^#]*?):(?:\s|$)/.test(line.slice(indent));
  if (isKey && open.at(-1)?.indent !== indent) open.push({ kind: 'mapping', indent, line: index });
}
