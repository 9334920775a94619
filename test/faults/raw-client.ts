import tls from 'node:tls';

/** What came back on a connection whose bytes the test wrote itself. */
export interface Exchange {
  /** All that the server sent. */
  readonly text: string;
  /** The status of each answer, in their order. */
  readonly statuses: readonly number[];
  /** Whether the server closed the connection; otherwise the time was over. */
  readonly closed: boolean;
  readonly milliseconds: number;
}

interface RawClient {
  readonly port: number;
  /** What is sent after the handshake. */
  readonly send: string | Buffer;
  /** Sent again and again, this often a second, as long as the connection is open. */
  readonly drip?: { readonly text: string; readonly milliseconds: number };
  /** When the connection is given up. */
  readonly giveUpMilliseconds?: number;
  /** Gives up when that happens. */
  readonly giveUp?: AbortSignal;
  /** Gives up as soon as so many answers have come. */
  readonly answers?: number;
  /** Reads nothing of what comes. */
  readonly deaf?: boolean;
}

/** Speaks over TLS in bytes, as no HTTP client would. */
export async function rawExchange(client: RawClient): Promise<Exchange> {
  const { port, send, drip, giveUpMilliseconds = 10_000, answers = Infinity, deaf = false } = client;
  return new Promise((resolve) => {
    const began = performance.now();
    let text = '';
    const statuses = (): number[] => [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map((match) => Number(match[1]));
    const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      if (deaf) socket.pause();
      socket.write(send);
    });
    const dripping = drip === undefined ? undefined : setInterval(() => socket.write(drip.text), drip.milliseconds);
    const finish = (closed: boolean): void => {
      clearInterval(dripping);
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, statuses: statuses(), closed, milliseconds: performance.now() - began });
    };
    const timer = setTimeout(() => finish(false), giveUpMilliseconds);
    client.giveUp?.addEventListener('abort', () => finish(false), { once: true });
    socket.on('error', () => undefined);
    socket.on('close', () => finish(true));
    if (deaf) return;
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      if (statuses().length >= answers) finish(false);
    });
  });
}
