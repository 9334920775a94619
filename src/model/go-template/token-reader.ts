import type { Token } from './token.ts';

interface TokenSource {
  readonly tokens: readonly [Token, ...Token[]];
  next: number;
}

/** Reads tokens with look-ahead. Readers that forked from each other share the place in the list of tokens. */
export class TokenReader {
  readonly #source: TokenSource;
  /** Tokens put back, the next one last. */
  readonly #back: Token[] = [];
  #last: Token;
  #line = 0;

  constructor(tokens: readonly [Token, ...Token[]], source: TokenSource = { tokens, next: 0 }) {
    this.#source = source;
    this.#last = tokens[0];
  }

  /** A reader that goes on where this one stands; this one may not have tokens put back. */
  fork(): TokenReader {
    return new TokenReader(this.#source.tokens, this.#source);
  }

  /** The line of the token that was last taken from the list, put back or not: where Go says an error is. */
  get line(): number {
    return this.#line;
  }

  /** The next token; the last one again and again at the end. */
  next(): Token {
    this.#last = this.#back.pop() ?? this.#take();
    return this.#last;
  }

  peek(): Token {
    const token = this.next();
    this.#back.push(token);
    return token;
  }

  nextNonSpace(): Token {
    let token = this.next();
    while (token.kind === 'space') token = this.next();
    return token;
  }

  /** The next token that is no space; the spaces before it are gone. */
  peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.#back.push(token);
    return token;
  }

  /** Puts the token back that was read last. */
  back(): void {
    this.#back.push(this.#last);
  }

  /** Puts tokens back before whatever comes next. */
  putBack(...tokens: readonly Token[]): void {
    this.#back.push(...tokens.toReversed());
  }

  #take(): Token {
    const { tokens, next } = this.#source;
    const token = tokens[next] ?? tokens[tokens.length - 1] ?? tokens[0];
    this.#source.next = next + 1;
    this.#line = token.line;
    return token;
  }
}
