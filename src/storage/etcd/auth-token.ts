import { type EtcdTransport, RpcError } from './etcd-transport.ts';
import { isAuthenticationOff } from './rpc-failures.ts';

/** The token of etcd's authentication: asked for when first needed, shared by all calls until it is forgotten. */
export class AuthToken {
  readonly #name: string;
  readonly #password: string;
  #token: Promise<string | undefined> | undefined;

  constructor(name: string, password: string) {
    this.#name = name;
    this.#password = password;
  }

  /** Undefined when the server has no authentication, as etcdctl takes it then. Rejects with RpcError. */
  async get(member: EtcdTransport, deadline: number): Promise<string | undefined> {
    const pending = (this.#token ??= this.#ask(member, deadline));
    try {
      return await pending;
    } catch (error) {
      if (this.#token === pending) this.#token = undefined;
      throw error;
    }
  }

  /** Has the next call log in again: the token expired, or the server forgot it. */
  forget(): void {
    this.#token = undefined;
  }

  async #ask(member: EtcdTransport, deadline: number): Promise<string | undefined> {
    try {
      const request = { name: this.#name, password: this.#password };
      const { token } = await member.unary('Auth/Authenticate', request, { deadline });
      return token;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      if (isAuthenticationOff(error)) return undefined;
      // Whatever the call is that needed the token: it was not sent.
      const { code, details, endpoint, cause } = error;
      throw new RpcError(code, details, { endpoint, sent: false, cause });
    }
  }
}
