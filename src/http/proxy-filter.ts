import { Regexp } from '../model/regexp/regexp.ts';

/** Regular expressions separated by commas, as `kubectl proxy` takes them. */
export interface ProxyFilterTexts {
  readonly acceptPaths: string;
  readonly rejectPaths: string;
  readonly acceptHosts: string;
  readonly rejectMethods: string;
}

/** Which requests a proxy lets through; mirrors FilterServer of kubectl's pkg/proxy. */
export class ProxyFilter {
  readonly #acceptPaths: readonly Regexp[];
  readonly #rejectPaths: readonly Regexp[];
  readonly #acceptHosts: readonly Regexp[];
  readonly #rejectMethods: readonly Regexp[];

  /** Throws RegexpError for what is no regular expression. */
  constructor(texts: ProxyFilterTexts) {
    this.#acceptPaths = regexps(texts.acceptPaths);
    this.#rejectPaths = regexps(texts.rejectPaths);
    this.#acceptHosts = regexps(texts.acceptHosts);
    this.#rejectMethods = regexps(texts.rejectMethods);
  }

  accepts(method: string, path: string, hostHeader: string): boolean {
    if (matches(this.#rejectPaths, path) || matches(this.#rejectMethods, method)) return false;
    return matches(this.#acceptPaths, path) && matches(this.#acceptHosts, hostOf(hostHeader));
  }
}

function regexps(text: string): Regexp[] {
  return text === '' ? [] : text.split(',').map((each) => new Regexp(each));
}

function matches(all: readonly Regexp[], text: string): boolean {
  return all.some((each) => each.test(text));
}

/** Without the port; an IPv6 address loses its brackets then, as with Go's SplitHostPort. */
function hostOf(header: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*)):[^:]*$/.exec(header) ?? [];
  return bracketed ?? plain ?? header;
}
