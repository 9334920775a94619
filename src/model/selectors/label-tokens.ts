/** A token of a label selector; `kind` is the symbol or keyword itself, or what else it is. */
export interface LabelToken {
  readonly kind:
    | 'identifier'
    | 'end'
    | 'error'
    | '('
    | ')'
    | ','
    | '!'
    | '='
    | '=='
    | '!='
    | '>'
    | '<'
    | 'in'
    | 'notin';
  readonly text: string;
}

const SYMBOLS: readonly LabelToken['kind'][] = ['==', '!=', '=', '!', '(', ')', ',', '>', '<'];
const WORD = /[^=!(),<> \t\r\n\0]+/y;

/** The tokens of a label selector's text, one after the other; behind the last one the end comes again and again. */
export class LabelTokens {
  readonly #tokens: LabelToken[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  /** The next token where a key or value may stand: `in` and `notin` are names there. */
  peek(): LabelToken {
    const token = this.#tokens[this.#at] ?? { kind: 'end', text: '' };
    return token.kind === 'in' || token.kind === 'notin' ? { kind: 'identifier', text: token.text } : token;
  }

  take(): LabelToken {
    const token = this.peek();
    this.#at++;
    return token;
  }

  /** The next token where an operator must stand. */
  takeOperator(): LabelToken {
    return this.#tokens[this.#at++] ?? { kind: 'end', text: '' };
  }
}

function tokensOf(text: string): LabelToken[] {
  const tokens: LabelToken[] = [];
  let at = 0;
  while (at < text.length && text[at] !== '\0') {
    if (' \t\r\n'.includes(text.charAt(at))) {
      at++;
      continue;
    }
    const token = symbolAt(text, at) ?? wordAt(text, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function symbolAt(text: string, at: number): LabelToken | undefined {
  const symbol = SYMBOLS.find((each) => text.startsWith(each, at));
  return symbol === undefined ? undefined : { kind: symbol, text: symbol };
}

function wordAt(text: string, at: number): LabelToken {
  WORD.lastIndex = at;
  const word = WORD.exec(text)?.[0] ?? '';
  return { kind: word === 'in' || word === 'notin' ? word : 'identifier', text: word };
}
