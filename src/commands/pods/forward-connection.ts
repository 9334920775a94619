import type { Socket } from 'node:net';
import type { ResourceClient } from '../../client/client.ts';

/** A pod's port, as it is asked for. */
export interface PodPort {
  /** Of the subresource portforward. */
  readonly path: string;
  readonly port: number;
  readonly signal: AbortSignal;
}

/** The query of a stream to a port. */
export function portQuery(port: number): URLSearchParams {
  return new URLSearchParams({ ports: String(port) });
}

/**
 * Carries one connection to a pod's port and back, over a WebSocket of its own (kubelet's v4 protocol: channel 0 is data,
 * channel 1 errors, and each begins with the port's number in two bytes). Resolves when either side is done; rejects with
 * what the kubelet says of a failure, and when the stream breaks.
 */
export async function forwardConnection(socket: Socket, to: PodPort, client: ResourceClient): Promise<void> {
  const numberBytes = [2, 2];
  const errors: Buffer[] = [];
  let ended: (error?: Error) => void = () => undefined;
  const closed = new Promise<void>((resolve, reject) => {
    ended = (error) => (error === undefined ? resolve() : reject(error));
  });
  closed.catch(() => undefined);
  const stream = await client.connect(
    { path: to.path, query: portQuery(to.port), signal: to.signal },
    {
      onFrame: (channel, data) => {
        const left = numberBytes[channel] ?? 0;
        const rest = data.subarray(left);
        numberBytes[channel] = Math.max(left - data.length, 0);
        if (channel === 0 && rest.length > 0) socket.write(rest);
        if (channel === 1 && rest.length > 0) errors.push(rest);
      },
      onClosed: (error) => ended(error),
    },
  );
  const gone = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  void sendAll(socket, async (chunk) => stream.send(0, chunk));
  try {
    await Promise.race([closed, gone]);
  } finally {
    stream.close();
    socket.end();
  }
  if (errors.length > 0) throw new Error(Buffer.concat(errors).toString('utf8'));
}

/** A broken connection shows in that it closes. */
async function sendAll(socket: Socket, send: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) await send(chunk as Buffer);
  } catch {
    socket.destroy();
  }
}
