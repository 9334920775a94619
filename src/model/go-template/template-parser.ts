import { goQuote } from '../go-text.ts';
import { GoTemplateError } from './go-template-error.ts';
import { lex } from './lexer.ts';
import type {
  BranchNode,
  CommandNode,
  NumberNode,
  Operand,
  PipeNode,
  Statement,
  StringNode,
  VariableNode,
} from './node.ts';
import { nodeText } from './node.ts';
import { characterConstant, numberConstant } from './number-constant.ts';
import { isKeyword, tokenText } from './token.ts';
import type { Token } from './token.ts';
import { TokenReader } from './token-reader.ts';
import { unquote } from './unquote.ts';

/** Deeper nesting is refused, where Go goes on until its much larger stack is used up. */
const DEEPEST = 500;
const OPERANDS = new Set(
  'bool charConstant complex field identifier leftParen number rawString string variable'.split(' '),
);
const CONSTANTS = new Set(['bool', 'dot', 'nil', 'number', 'string']);

/** The templates that a text defines, the text itself under its own name. */
export type TemplateSet = ReadonlyMap<string, readonly Statement[]>;

/** Parses a template as Go's text/template/parse does. Throws GoTemplateError with Go's text. */
export function parseTemplate(name: string, text: string, functions: ReadonlySet<string>): TemplateSet {
  const context: ParseContext = { name, functions, templates: new Map(), depth: 0 };
  const parser = new TreeParser(new TokenReader(lex(text)), context);
  parser.main();
  return context.templates;
}

interface ParseContext {
  readonly name: string;
  readonly functions: ReadonlySet<string>;
  readonly templates: Map<string, readonly Statement[]>;
  depth: number;
}

/** What a list of statements ended with. */
interface ListEnd {
  readonly kind: 'end' | 'else';
}

class TreeParser {
  readonly #tokens: TokenReader;
  readonly #context: ParseContext;
  readonly #variables = ['$'];
  #rangeDepth = 0;
  /** The line that the action being read began on; 0 outside. */
  #actionLine = 0;

  constructor(tokens: TokenReader, context: ParseContext) {
    this.#tokens = tokens;
    this.#context = context;
  }

  main(): void {
    const list: Statement[] = [];
    while (this.#tokens.peek().kind !== 'eof') {
      if (this.#tokens.peek().kind === 'leftDelim') {
        const delimiter = this.#tokens.next();
        if (isKeyword(this.#tokens.nextNonSpace(), 'define')) {
          new TreeParser(this.#tokens.fork(), this.#context).#definition();
          continue;
        }
        this.#tokens.back();
        this.#tokens.putBack(delimiter);
      }
      const statement = this.#statement();
      if (isEnd(statement)) this.#fail(`unexpected {{${statement.kind}}}`);
      list.push(statement);
    }
    this.#add(this.#context.name, list);
  }

  #definition(): void {
    const context = 'define clause';
    const name = this.#tokens.nextNonSpace();
    if (name.kind !== 'string' && name.kind !== 'rawString') this.#unexpected(name, context);
    const text = this.#read(() => unquote(name.text));
    this.#expect('rightDelim', context);
    this.#add(text, this.#body(context));
  }

  /** Statements up to `{{end}}`, which is not part of them. */
  #body(context: string): Statement[] {
    const { list, end } = this.#list();
    if (end.kind !== 'end') this.#fail(`unexpected {{${end.kind}}} in ${context}`);
    return list;
  }

  #add(name: string, list: readonly Statement[]): void {
    const before = this.#context.templates.get(name);
    if (before === undefined || isBlank(before)) this.#context.templates.set(name, list);
    else if (!isBlank(list)) this.#fail(`template: multiple definition of template ${goQuote(name)}`);
  }

  #list(): { list: Statement[]; end: ListEnd } {
    const list: Statement[] = [];
    this.#enter();
    while (this.#tokens.peekNonSpace().kind !== 'eof') {
      const statement = this.#statement();
      if (isEnd(statement)) {
        this.#context.depth--;
        return { list, end: statement };
      }
      list.push(statement);
    }
    return this.#fail('unexpected EOF');
  }

  #statement(): Statement | ListEnd {
    const token = this.#tokens.nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', at: token.at, text: token.text };
    if (token.kind !== 'leftDelim') return this.#unexpected(token, 'input');
    this.#actionLine = token.line;
    const statement = this.#action();
    this.#actionLine = 0;
    return statement;
  }

  #action(): Statement | ListEnd {
    const token = this.#tokens.nextNonSpace();
    if (token.kind === 'keyword') {
      switch (token.text) {
        case 'block':
          return this.#block();
        case 'break':
        case 'continue':
          return this.#jump(token.text, token);
        case 'else':
          return this.#else();
        case 'end':
          this.#expect('rightDelim', 'end');
          return { kind: 'end' };
        case 'if':
        case 'range':
        case 'with':
          return this.#branch(token.text);
        case 'template':
          return this.#template();
        default:
      }
    }
    this.#tokens.back();
    const { at } = this.#tokens.peek();
    return { kind: 'action', at, pipe: this.#pipeline('command', 'rightDelim') };
  }

  #jump(kind: 'break' | 'continue', { at }: Token): Statement {
    const token = this.#tokens.nextNonSpace();
    if (token.kind !== 'rightDelim') this.#unexpected(token, `{{${kind}}}`);
    if (this.#rangeDepth === 0) this.#fail(`{{${kind}}} outside {{range}}`);
    return { kind, at };
  }

  #else(): ListEnd {
    const next = this.#tokens.peekNonSpace();
    if (!isKeyword(next, 'if') && !isKeyword(next, 'with')) this.#expect('rightDelim', 'else');
    return { kind: 'else' };
  }

  #branch(kind: 'if' | 'range' | 'with'): BranchNode {
    const variables = this.#variables.length;
    const pipe = this.#pipeline(kind, 'rightDelim');
    if (kind === 'range') this.#rangeDepth++;
    const { list, end } = this.#list();
    if (kind === 'range') this.#rangeDepth--;
    const elseList = end.kind === 'else' ? this.#elseList(kind) : undefined;
    this.#variables.length = variables;
    return { kind, at: pipe.at, pipe, list, elseList };
  }

  /** What stands behind `{{else}}`; `{{else if}}` and `{{else with}}` share the outer `{{end}}`. */
  #elseList(kind: 'if' | 'range' | 'with'): Statement[] {
    if (kind !== 'range' && isKeyword(this.#tokens.peek(), kind)) {
      this.#tokens.next();
      this.#enter();
      const inner = this.#branch(kind);
      this.#context.depth--;
      return [inner];
    }
    const { list, end } = this.#list();
    if (end.kind !== 'end') this.#fail(`expected end; found {{${end.kind}}}`);
    return list;
  }

  #block(): Statement {
    const context = 'block clause';
    const token = this.#tokens.nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipeline(context, 'rightDelim');
    const inner = new TreeParser(this.#tokens.fork(), this.#context);
    const { list, end } = inner.#list();
    if (end.kind !== 'end') this.#fail(`unexpected {{${end.kind}}} in ${context}`);
    inner.#add(name, list);
    return { kind: 'template', at: token.at, name, pipe };
  }

  #template(): Statement {
    const context = 'template clause';
    const token = this.#tokens.nextNonSpace();
    const name = this.#templateName(token, context);
    if (this.#tokens.nextNonSpace().kind === 'rightDelim') {
      return { kind: 'template', at: token.at, name, pipe: undefined };
    }
    this.#tokens.back();
    return { kind: 'template', at: token.at, name, pipe: this.#pipeline(context, 'rightDelim') };
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== 'string' && token.kind !== 'rawString') return this.#unexpected(token, context);
    return this.#read(() => unquote(token.text));
  }

  #pipeline(context: string, end: 'rightDelim' | 'rightParen'): PipeNode {
    this.#enter();
    const { at } = this.#tokens.peekNonSpace();
    const { declared, assigns } = this.#declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.#tokens.nextNonSpace();
      if (token.kind === end) break;
      const begins = OPERANDS.has(token.kind) || isKeyword(token, '.') || isKeyword(token, 'nil');
      if (!begins) this.#unexpected(token, context);
      this.#tokens.back();
      commands.push(this.#command());
    }
    if (commands.length === 0) this.#fail(`missing value for ${context}`);
    const stage = commands.findIndex(({ args }, index) => index > 0 && CONSTANTS.has(args[0].kind));
    if (stage > 0) this.#fail(`non executable command in pipeline stage ${stage + 1}`);
    this.#context.depth--;
    return { kind: 'pipe', at, declared, assigns, commands };
  }

  /** `$x :=`, `$x =`, and in a range `$i, $x :=`. */
  #declarations(context: string): { declared: VariableNode[]; assigns: boolean } {
    const declared: VariableNode[] = [];
    for (;;) {
      const variable = this.#tokens.peekNonSpace();
      if (variable.kind !== 'variable') return { declared, assigns: false };
      this.#tokens.next();
      const behind = this.#tokens.peek();
      const next = this.#tokens.peekNonSpace();
      const comma = next.kind === 'char' && next.text === ',';
      if (next.kind !== 'assign' && next.kind !== 'declare' && !comma) {
        if (behind.kind === 'space') this.#tokens.putBack(variable, behind);
        else this.#tokens.putBack(variable);
        return { declared, assigns: false };
      }
      this.#tokens.nextNonSpace();
      declared.push({ kind: 'variable', at: variable.at, path: splitPath(variable.text) });
      this.#variables.push(variable.text);
      if (!comma) return { declared, assigns: next.kind === 'assign' };
      if (context !== 'range' || declared.length >= 2) this.#fail(`too many declarations in ${context}`);
      if (!['variable', 'rightDelim', 'rightParen'].includes(this.#tokens.peekNonSpace().kind)) {
        this.#fail('range can only initialize variables');
      }
    }
  }

  #command(): CommandNode {
    const { at } = this.#tokens.peekNonSpace();
    const args: Operand[] = [];
    for (;;) {
      this.#tokens.peekNonSpace();
      const operand = this.#operand();
      if (operand !== undefined) args.push(operand);
      const token = this.#tokens.next();
      if (token.kind === 'space') continue;
      if (token.kind === 'rightDelim' || token.kind === 'rightParen') this.#tokens.back();
      else if (token.kind !== 'pipe') this.#unexpected(token, 'operand');
      break;
    }
    const [first, ...rest] = args;
    return first === undefined ? this.#fail('empty command') : { kind: 'command', at, args: [first, ...rest] };
  }

  /** A term with the fields behind it; undefined when there is no term. */
  #operand(): Operand | undefined {
    const term = this.#term();
    const { kind, at } = this.#tokens.peek();
    if (term === undefined || kind !== 'field') return term;
    const fields: string[] = [];
    while (this.#tokens.peek().kind === 'field') fields.push(this.#tokens.next().text.slice(1));
    switch (term.kind) {
      case 'field':
        return { kind: 'field', at, path: [...term.path, ...fields] };
      case 'variable':
        return { kind: 'variable', at, path: [...term.path, ...fields] };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        return this.#fail(`unexpected . after term ${goQuote(nodeText(term))}`);
      case 'chain':
      case 'identifier':
      case 'pipe':
        return { kind: 'chain', at, of: term, path: fields };
    }
  }

  #term(): Operand | undefined {
    const token = this.#tokens.nextNonSpace();
    const { at, kind, text } = token;
    if (kind === 'leftParen') return this.#pipeline('parenthesized pipeline', 'rightParen');
    if (kind === 'field') return { kind, at, path: [text.slice(1)] };
    if (kind === 'bool') return { kind, at, value: text === 'true' };
    if (isKeyword(token, '.')) return { kind: 'dot', at };
    if (isKeyword(token, 'nil')) return { kind: 'nil', at };
    if (kind === 'string' || kind === 'rawString') return this.#string(token);
    if (kind === 'charConstant' || kind === 'complex' || kind === 'number') return this.#number(token);
    if (kind === 'identifier') {
      if (!this.#context.functions.has(text)) this.#fail(`function ${goQuote(text)} not defined`);
      return { kind, at, name: text };
    }
    if (kind === 'variable') {
      if (!this.#variables.includes(text)) this.#fail(`undefined variable ${goQuote(text)}`);
      return { kind, at, path: splitPath(text) };
    }
    this.#tokens.back();
    return undefined;
  }

  #string({ at, text }: Token): StringNode {
    return { kind: 'string', at, quoted: text, value: this.#read(() => unquote(text)) };
  }

  #number({ kind, at, text }: Token): NumberNode {
    if (text.endsWith('i')) this.#fail(`complex numbers are not supported: ${goQuote(text)}`);
    const read = kind === 'charConstant' ? characterConstant : numberConstant;
    return { kind: 'number', at, text, value: this.#read(() => read(text)) };
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return this.#fail(error.message);
    }
  }

  #expect(kind: Token['kind'], context: string): void {
    const token = this.#tokens.nextNonSpace();
    if (token.kind !== kind) this.#unexpected(token, context);
  }

  #unexpected(token: Token, context: string): never {
    if (token.kind !== 'error') return this.#fail(`unexpected ${tokenText(token)} in ${context}`);
    const elsewhere = this.#actionLine !== 0 && this.#actionLine !== token.line;
    if (!elsewhere) return this.#fail(token.text);
    const started = `started at ${this.#context.name}:${this.#actionLine}`;
    return this.#fail(
      token.text.endsWith(' action') ? `${token.text} ${started}` : `${token.text} in action ${started}`,
    );
  }

  #enter(): void {
    if (++this.#context.depth > DEEPEST) this.#fail(`nested more than ${DEEPEST} deep`);
  }

  #fail(message: string): never {
    throw new GoTemplateError(`template: ${this.#context.name}:${this.#tokens.line}: ${message}`);
  }
}

function isEnd(statement: Statement | ListEnd): statement is ListEnd {
  return statement.kind === 'end' || statement.kind === 'else';
}

function isBlank(list: readonly Statement[]): boolean {
  return list.every((statement) => statement.kind === 'text' && statement.text.trim() === '');
}

function splitPath(text: string): [string, ...string[]] {
  const [first = '', ...rest] = text.split('.');
  return [first, ...rest];
}
