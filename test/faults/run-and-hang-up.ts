import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { type Ran, run, type Setting } from '../commands/run-program.ts';

const CHANNEL = 'net.client.socket';

/**
 * Runs command lines in this process and closes the connections that they made, as the end of a process does: thousands of
 * commands would hold thousands of sockets otherwise.
 */
export function hangingUp(): {
  readonly run: (argv: readonly string[], setting: Setting) => Promise<Ran>;
  readonly stop: () => void;
} {
  const made = new AsyncLocalStorage<Set<Socket>>();
  const note = (message: unknown): void => void made.getStore()?.add((message as { socket: Socket }).socket);
  subscribe(CHANNEL, note);
  return {
    run: async (argv, setting) => {
      const sockets = new Set<Socket>();
      try {
        return await made.run(sockets, async () => run(argv, setting));
      } finally {
        for (const socket of sockets) socket.destroy();
      }
    },
    stop: () => void unsubscribe(CHANNEL, note),
  };
}
