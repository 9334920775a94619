import type { IncomingMessage, ServerResponse } from 'node:http';
import type https from 'node:https';
import type net from 'node:net';
import type { TLSSocket } from 'node:tls';

/**
 * The connections of a server, those of clients that have not said anything yet among them: Node.js alone would let these hold up
 * its end.
 */
export class Connections {
  /** In the TLS handshake, by where they come from. */
  readonly #shaking = new Map<string, net.Socket>();
  /** How many requests are under way on each. */
  readonly #requests = new Map<net.Socket, number>();

  constructor(server: https.Server) {
    server.on('connection', (socket: net.Socket) => {
      const from = originOf(socket);
      this.#shaking.set(from, socket);
      socket.once('close', () => {
        if (this.#shaking.get(from) === socket) this.#shaking.delete(from);
      });
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      this.#shaking.delete(originOf(socket));
      this.#requests.set(socket, 0);
      socket.once('close', () => this.#requests.delete(socket));
    });
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.#count(socket, 1);
      response.once('close', () => this.#count(socket, -1));
    });
  }

  /** Ends those without a request. */
  endIdle(): void {
    for (const socket of this.#shaking.values()) socket.destroy();
    for (const [socket, requests] of this.#requests) if (requests === 0) socket.destroy();
  }

  /** Ends all, whatever is under way. */
  endAll(): void {
    for (const socket of [...this.#shaking.values(), ...this.#requests.keys()]) socket.destroy();
  }

  #count(socket: net.Socket, change: number): void {
    const requests = this.#requests.get(socket);
    if (requests !== undefined) this.#requests.set(socket, requests + change);
  }
}

function originOf({ remoteAddress, remotePort }: net.Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
