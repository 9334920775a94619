import { setTimeout as sleep } from 'node:timers/promises';
import type { AnswerOf, RequestOf, StreamMethod, StreamMethods, UnaryMethod } from '../etcd-methods.ts';
import type { ServerHeader } from '../storage.ts';
import { type EtcdTransport, GrpcCode, RpcError, type RpcStream } from './etcd-transport.ts';
import { AuthToken } from './auth-token.ts';
import { CallFailure } from './call-failure.ts';
import { isOldAuthentication, mayHaveBeenDone, mayPass } from './rpc-failures.ts';

/**
 * How a call is repeated. `read`: as often as it takes. `write`: only when the failed attempt certainly did nothing.
 */
export type CallKind = 'read' | 'write';

export interface EtcdClientOptions {
  readonly members: readonly [EtcdTransport, ...EtcdTransport[]];
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly requestTimeoutMs: number;
}

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 500;
/** The least time that is worth an attempt. */
const SHORTEST_ATTEMPT_MS = 50;

/**
 * Calls to whichever member of an etcd cluster answers. One member is used until it fails, then the next one; every call
 * ends within its deadline. Rejects with CallFailure.
 */
export class EtcdClient {
  readonly requestTimeoutMs: number;
  readonly #members: readonly [EtcdTransport, ...EtcdTransport[]];
  readonly #token: AuthToken | undefined;
  #current = 0;
  #contacted = false;
  #lastRevision = 0;
  #lastHeader: ServerHeader | undefined;

  constructor(options: EtcdClientOptions) {
    this.#members = options.members;
    this.requestTimeoutMs = options.requestTimeoutMs;
    const { username, password = '' } = options;
    this.#token = username === undefined ? undefined : new AuthToken(username, password);
  }

  /** The newest revision that an answer told; 0 before the first one. */
  get lastRevision(): number {
    return this.#lastRevision;
  }

  get authenticates(): boolean {
    return this.#token !== undefined;
  }

  /** URLs of all endpoints, the one in use first. */
  get endpoints(): string[] {
    return this.#order().map((member) => member.endpoint);
  }

  newDeadline(): number {
    return Date.now() + this.requestTimeoutMs;
  }

  /** The header of the last answer. */
  get lastHeader(): ServerHeader | undefined {
    return this.#lastHeader;
  }

  /** Takes note of the header of an answer, also of one that no `call` brought. */
  sawHeader(header: ServerHeader): void {
    this.#lastHeader = header;
    this.#lastRevision = Math.max(this.#lastRevision, Number(header.revision));
  }

  /** Calls, and repeats what may be repeated, until `deadline`. */
  async call<M extends UnaryMethod>(
    method: M,
    request: RequestOf<M>,
    { kind, deadline }: { kind: CallKind; deadline: number },
  ): Promise<AnswerOf<M>> {
    const answer = await this.#attempts(kind, deadline, async (member, until) => {
      const token = await this.#token?.get(member, until);
      return member.unary(method, request, { token, deadline: until });
    });
    const { header } = answer as { header?: ServerHeader | null };
    if (header != null) this.sawHeader(header);
    return answer;
  }

  /** Opens a stream to a member that can be connected to. */
  async open<M extends StreamMethod>(
    method: M,
    deadline: number,
  ): Promise<RpcStream<StreamMethods[M][0], StreamMethods[M][1]>> {
    return this.#attempts('read', deadline, async (member, until) => {
      const token = await this.#token?.get(member, until);
      return member.stream(method, { token, deadline: until });
    });
  }

  /** Has the next call go to another member, and log in again if that is what failed. */
  streamFailed(error: RpcError): void {
    if (isOldAuthentication(error)) this.#token?.forget();
    else this.#leave(error.endpoint);
  }

  /** Has the next call log in again. */
  forgetToken(): void {
    this.#token?.forget();
  }

  close(): void {
    for (const member of this.#members) member.close();
  }

  async #attempts<T>(
    kind: CallKind,
    deadline: number,
    attempt: (member: EtcdTransport, until: number) => Promise<T>,
  ): Promise<T> {
    const failures: RpcError[] = [];
    let pause = FIRST_PAUSE_MS;
    let loggedInAgain = false;
    for (;;) {
      try {
        const answer = await attempt(this.#member(), this.#attemptDeadline(kind, deadline));
        this.#contacted = true;
        return answer;
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        failures.push(error);
        if (isOldAuthentication(error) && this.#token !== undefined && !loggedInAgain) {
          loggedInAgain = true;
          this.#token.forget();
          continue;
        }
        this.#giveUpOrGoOn(kind, failures, Date.now() + pause + SHORTEST_ATTEMPT_MS > deadline);
      }
      if (failures.length % this.#members.length === 0) {
        await sleep(pause / 2 + (Math.random() * pause) / 2);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  /** After a failed attempt: throws CallFailure, or has the next attempt go to another member. */
  #giveUpOrGoOn(kind: CallKind, failures: readonly RpcError[], late: boolean): void {
    const error = failures.at(-1);
    if (error === undefined) return;
    if (error.sent && error.code !== GrpcCode.deadlineExceeded) this.#contacted = true;
    const ambiguous = kind === 'write' && mayHaveBeenDone(error);
    if (mayPass(error)) this.#leave(error.endpoint);
    // An address where nobody has ever answered is more likely wrong than in need of patience.
    const unreachable = !this.#contacted && failures.length >= this.#members.length;
    if (ambiguous || !mayPass(error) || unreachable || late) {
      throw new CallFailure(error, { others: lastOfOthers(failures, error), ambiguous });
    }
  }

  /** Leaves half of what is left: to ask another member, or to find out what became of a write. */
  #attemptDeadline(kind: CallKind, deadline: number): number {
    if (kind === 'read' && this.#members.length === 1) return deadline;
    const left = deadline - Date.now();
    return Date.now() + Math.max(left / 2, SHORTEST_ATTEMPT_MS);
  }

  #member(): EtcdTransport {
    return this.#members[this.#current] ?? this.#members[0];
  }

  #order(): EtcdTransport[] {
    return [...this.#members.slice(this.#current), ...this.#members.slice(0, this.#current)];
  }

  /** Goes to the next member, unless another call already did. */
  #leave(endpoint: string): void {
    if (this.#member().endpoint === endpoint) this.#current = (this.#current + 1) % this.#members.length;
  }
}

/** The last failure of each endpoint but one, in their order. */
function lastOfOthers(failures: readonly RpcError[], last: RpcError): RpcError[] {
  return failures.filter((each, index) => {
    const later = failures.slice(index + 1);
    return each.endpoint !== last.endpoint && !later.some(({ endpoint }) => endpoint === each.endpoint);
  });
}
