import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const BINARY = 2;
const CLOSE = 8;
const PING = 9;

/** The server's side of one WebSocket (RFC 6455), as much as clients of Kubernetes use. */
export class ServedWebSocket {
  readonly protocol: string;
  readonly #socket: Duplex;
  #buffered = Buffer.alloc(0);
  #message: Buffer[] = [];
  /** Told every whole message. */
  onMessage: (data: Buffer) => void = () => undefined;
  onClose: () => void = () => undefined;

  /** Takes an upgrade request, with the first of the offered protocols that is among `protocols`. */
  constructor(request: IncomingMessage, socket: Duplex, protocols: readonly string[]) {
    this.#socket = socket;
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/, */);
    this.protocol = offered.find((each) => protocols.includes(each)) ?? '';
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key'] ?? ''}${GUID}`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${this.protocol === '' ? '' : `Sec-WebSocket-Protocol: ${this.protocol}\r\n`}\r\n`,
    );
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => this.onClose());
  }

  send(data: Uint8Array): void {
    this.#frame(BINARY, data);
  }

  /** Says goodbye, as a server that is done does. */
  close(code = 1000, reason = ''): void {
    const body = Buffer.alloc(2 + Buffer.byteLength(reason));
    body.writeUInt16BE(code, 0);
    body.write(reason, 2);
    this.#frame(CLOSE, body);
    this.#socket.end();
  }

  /** Breaks the connection without a word. */
  cut(): void {
    this.#socket.destroy();
  }

  #frame(opcode: number, data: Uint8Array): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    const { length } = data;
    const head = length < 126 ? Buffer.alloc(2) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
    head[0] = 0x80 | opcode;
    if (length < 126) head[1] = length;
    else if (length < 65_536) {
      head[1] = 126;
      head.writeUInt16BE(length, 2);
    } else {
      head[1] = 127;
      head.writeBigUInt64BE(BigInt(length), 2);
    }
    this.#socket.write(Buffer.concat([head, data]));
  }

  #receive(chunk: Buffer): void {
    this.#buffered = Buffer.concat([this.#buffered, chunk]);
    for (;;) {
      const frame = readFrame(this.#buffered);
      if (frame === undefined) return;
      this.#buffered = this.#buffered.subarray(frame.size);
      if (frame.opcode === CLOSE) this.close();
      else if (frame.opcode === PING) this.#frame(10, frame.data);
      else if (frame.opcode <= BINARY) {
        this.#message.push(frame.data);
        if (!frame.final) continue;
        const message = Buffer.concat(this.#message);
        this.#message = [];
        this.onMessage(message);
      }
    }
  }
}

interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly data: Buffer;
  /** Bytes of the whole frame. */
  readonly size: number;
}

/** A client's frame, which is always masked. */
function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + extra + 4;
  if (bytes.length < start) return undefined;
  const length = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < start + length) return undefined;
  const mask = bytes.subarray(2 + extra, start);
  const data = Buffer.from(bytes.subarray(start, start + length));
  for (let at = 0; at < data.length; at++) data[at] = (data[at] ?? 0) ^ (mask[at % 4] ?? 0);
  const first = bytes[0] ?? 0;
  return { final: (first & 0x80) !== 0, opcode: first & 0x0f, data, size: start + length };
}
