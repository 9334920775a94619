import type { ResourceClient } from '../../client/client.ts';
import { goQuote } from '../../model/go-text.ts';
import { isJsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context, Terminal } from '../context.ts';

type ChannelStream = Awaited<ReturnType<ResourceClient['connect']>>;

/** The channels of apimachinery's util/remotecommand. */
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;
const RESIZE = 4;
/** How long a server may take to close the connection after it said how the command ended. */
const LINGER_MILLISECONDS = 10_000;

/** What is streamed, and where from and to. */
export interface RemoteStream {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
  /** May be told of bytes after an error of its own; then it must throw, which ends the stream. */
  stdout(data: Uint8Array): void;
  stderr(data: Uint8Array): void;
  /** Its size is told to the container, now and whenever it changes. */
  readonly terminal?: Terminal | undefined;
  readonly signal?: AbortSignal;
}

/** A command in a container that ended with another status than 0. */
export class RemoteExit extends Error {
  override readonly name = 'RemoteExit';
  readonly exitStatus: number;

  constructor(exitStatus: number) {
    super(`command terminated with exit code ${exitStatus}`);
    this.exitStatus = exitStatus;
  }
}

/**
 * Streams to and from a container until the server ends it. Rejects with RemoteExit for an exit status, with UserError for
 * what else the server says, as client-go's remotecommand does, and with what could not be written.
 */
export async function streamRemote(remote: RemoteStream, context: Context): Promise<void> {
  const client = await context.client();
  const { path, query, signal = context.signal } = remote;
  const session = new Session(remote);
  let stream: ChannelStream | undefined;
  try {
    stream = await client.connect(
      { path, query, signal },
      {
        onFrame: (channel, data) => session.frame(channel, data, stream),
        onClosed: (error) => session.closed(error),
      },
    );
    if (remote.terminal !== undefined) followSize(remote.terminal, stream);
    if (remote.stdin !== undefined) void pump(remote.stdin, stream).catch(() => undefined);
    checkStatus(await session.ended);
  } catch (error) {
    // A stream that was cut on purpose says only that it was cut.
    signal.throwIfAborted();
    throw error;
  } finally {
    session.forget();
    stream?.close();
  }
}

/** What a stream has brought so far. */
class Session {
  readonly ended: Promise<Buffer>;
  readonly #remote: RemoteStream;
  readonly #status: Buffer[] = [];
  #resolve: (message: Buffer) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #linger: NodeJS.Timeout | undefined;

  constructor(remote: RemoteStream) {
    this.#remote = remote;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // It may fail before anybody waits.
    this.ended.catch(() => undefined);
  }

  frame(channel: number, data: Buffer, stream: ChannelStream | undefined): void {
    if (data.length === 0) return;
    try {
      if (channel === STDOUT) this.#remote.stdout(data);
      else if (channel === STDERR) this.#remote.stderr(data);
      else if (channel === STATUS) {
        this.#status.push(data);
        // What was written may still be under way on the other channels.
        this.#linger ??= setTimeout(() => stream?.close(), LINGER_MILLISECONDS);
      }
    } catch (error) {
      this.#reject(error);
    }
  }

  closed(error: Error | undefined): void {
    if (error === undefined || this.#status.length > 0) return this.#resolve(Buffer.concat(this.#status));
    return this.#reject(new UserError(`error reading from error stream: ${error.message}`, { cause: error }));
  }

  forget(): void {
    clearTimeout(this.#linger);
  }
}

async function pump(input: AsyncIterable<Uint8Array>, stream: ChannelStream): Promise<void> {
  for await (const chunk of input) await stream.send(STDIN, chunk);
  await stream.end(STDIN);
}

function followSize(terminal: Terminal, stream: ChannelStream): void {
  const tell = (): void => {
    const { columns, rows } = terminal.size();
    const text = JSON.stringify({ Width: columns, Height: rows });
    void stream.send(RESIZE, Buffer.from(text)).catch(() => undefined);
  };
  tell();
  terminal.onResize(tell);
}

/** Mirrors errorDecoderV4 of client-go. A stream that ends without a status has succeeded. */
function checkStatus(message: Buffer): void {
  if (message.length === 0) return;
  const text = message.toString('utf8');
  const status = parsed(text);
  if (!isJsonObject(status)) throw new UserError(`error stream protocol error: no status in ${goQuote(text)}`);
  if (status['status'] === 'Success') return;
  if (status['status'] !== 'Failure') throw new UserError('error stream protocol error: unknown error');
  if (status['reason'] === 'NonZeroExitCode') throw exitOf(status['details']);
  throw new UserError(typeof status['message'] === 'string' ? status['message'] : '');
}

function exitOf(details: unknown): Error {
  if (!isJsonObject(details)) return new UserError('error stream protocol error: details must be set');
  const causes = Array.isArray(details['causes']) ? details['causes'] : [];
  for (const cause of causes) {
    if (!isJsonObject(cause) || cause['reason'] !== 'ExitCode') continue;
    const code = typeof cause['message'] === 'string' ? cause['message'] : '';
    if (/^\d+$/.test(code) && Number(code) < 256) return new RemoteExit(Number(code));
    return new UserError(`error stream protocol error: invalid exit code value ${goQuote(code)}`);
  }
  return new UserError('error stream protocol error: no ExitCode cause given');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
