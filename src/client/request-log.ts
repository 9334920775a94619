import { STATUS_CODES } from 'node:http';
import type { ApiRequest, ApiResponse } from '../model/api-message.ts';
import { parseWireJson, wireJsonText } from '../model/wire-json.ts';
import { withoutSecrets } from './without-secrets.ts';
import type { Transport } from './transport.ts';

/** How many characters of a body are shown, by level. */
const SHOWN: readonly (readonly [level: number, characters: number])[] = [
  [10, Infinity],
  [9, 10_240],
  [8, 1024],
];

/** Headers whose values nobody should read in a log. */
const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);

export interface RequestLogOptions {
  /** As `-v` has it: 6 is a line a request, 7 adds headers, 8 bodies, 9 and 10 more of them. */
  readonly level: number;
  /** Goes before each path. */
  readonly base: string;
  readonly pid: number;
  now(): Date;
  write(text: string): void;
}

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** Writes what goes to a server and comes back, in klog's form, with credentials and the contents of Secrets masked. */
export class RequestLog {
  readonly #options: RequestLogOptions;

  constructor(options: RequestLogOptions) {
    this.#options = options;
  }

  /** The transport, with a line for every answer. */
  around(transport: Transport): Transport {
    return async (request) => {
      const { level } = this.#options;
      const now = (): number => this.#options.now().getTime();
      const start = now();
      if (level >= 8) this.#body('Request Body', request.body, request);
      try {
        const response = await transport(request);
        this.#answer(request, response, now() - start);
        return response;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const took = now() - start;
        this.#line(`"Response" ${this.#subject(request)} status="" milliseconds=${took} err=${quoted(why)}`);
        throw error;
      }
    };
  }

  /** Tells of the headers that a request goes out with. */
  headers(request: ApiRequest, headers: Headers): void {
    if (this.#options.level < 7) return;
    this.#line(
      `"Request" verb=${quoted(request.method)} url=${quoted(this.#url(request))} headers=${headerBlock(headers)}`,
    );
  }

  /** Tells of anything else, from level 1 on. */
  note(text: string): void {
    if (this.#options.level >= 1) this.#line(text);
  }

  #answer(request: ApiRequest, response: ApiResponse, milliseconds: number): void {
    const status = `${response.status} ${STATUS_CODES[response.status] ?? ''}`.trim();
    const headers = this.#options.level >= 8 ? ` headers=${headerBlock(response.headers)}` : '';
    this.#line(
      `"Response" verb=${quoted(request.method)} url=${quoted(this.#url(request))} status=${quoted(status)}${headers} milliseconds=${milliseconds}`,
    );
    if (this.#options.level >= 8) this.#body('Response Body', response.body, request);
  }

  #body(title: string, body: unknown, { path }: ApiRequest): void {
    if (body === undefined || body === '') return;
    const most = SHOWN.find(([level]) => this.#options.level >= level)?.[1] ?? 0;
    const text = bodyText(body, path);
    const shown = text.length > most ? `${text.slice(0, most)} [truncated ${text.length - most} chars]` : text;
    this.#line(`${quoted(title)} body=<\n\t${shown.replaceAll('\n', '\n\t')}\n >`);
  }

  #subject(request: ApiRequest): string {
    return `verb=${quoted(request.method)} url=${quoted(this.#url(request))}`;
  }

  #url({ path, query }: ApiRequest): string {
    const text = query?.toString() ?? '';
    return `${this.#options.base}${path}${text === '' ? '' : `?${text}`}`;
  }

  #line(text: string): void {
    const at = this.#options.now();
    const two = (value: number): string => String(value).padStart(2, '0');
    const day = `${two(at.getMonth() + 1)}${two(at.getDate())}`;
    const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}000`;
    this.#options.write(`I${day} ${time} ${String(this.#options.pid).padStart(7)} request-log.ts:1] ${text}\n`);
  }
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function headerBlock(headers: Headers): string {
  const lines = Object.entries(headers)
    .map(([name, value]) => [canonical(name), masked(name, value)] as const)
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `<\n${lines.map(([name, value]) => `\t${name}: ${value}\n`).join('')} >`;
}

function canonical(name: string): string {
  return name.replaceAll(/(^|-)([a-z])/g, (_whole, dash: string, letter: string) => `${dash}${letter.toUpperCase()}`);
}

/** Only the scheme of credentials is shown, as client-go does. */
function masked(name: string, value: string | readonly string[]): string {
  const text = typeof value === 'string' ? value : value.join(', ');
  if (!SECRET_HEADERS.has(name.toLowerCase())) return text;
  const scheme = /^(?:Bearer|Basic|Negotiate)(?= )/i.exec(text)?.[0];
  return scheme === undefined ? '<masked>' : `${scheme} <masked>`;
}

function bodyText(body: unknown, path: string): string {
  if (body instanceof Uint8Array) return `<${body.length} bytes>`;
  // A YAML apply patch: what it holds is only known once it is read, so that none of it is shown.
  if (typeof body === 'string') return /\/(?:secrets|token)(?:\/|$)/.test(path) ? '<masked>' : body;
  const plain: unknown = parseWireJson(wireJsonText(body));
  return wireJsonText(withoutSecrets(plain, path));
}
