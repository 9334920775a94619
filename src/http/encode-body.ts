import type { WatchEvent } from '../model/api-message.ts';
import { wireJsonText } from '../model/wire-json.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/**
 * An answer's body as its content type writes it: objects as JSON (with line feeds where `pretty`), YAML or protobuf; text
 * and bytes of any other type as they are.
 */
export async function encodeBody(body: unknown, contentType: string, pretty: boolean): Promise<string | Uint8Array> {
  if (body instanceof Uint8Array) return body;
  if (contentType === PROTOBUF) return (await import('../model/protobuf/encode-answer.ts')).encodeAnswer(body);
  if (contentType === 'application/yaml') return (await import('../model/yaml-printer.ts')).printYaml(body);
  if (typeof body === 'string' && !contentType.includes('json')) return body;
  return `${wireJsonText(body, pretty ? 2 : 0)}\n`;
}

/** Writes the events of watches: JSON objects, one a line, or frames of protobuf. An event that several watches tell is written once. */
export class EventEncoder {
  readonly #json = new WeakMap<WatchEvent, Buffer>();
  readonly #protobuf = new WeakMap<WatchEvent, Uint8Array>();

  /** What writes events in a content type. */
  async in(contentType: string): Promise<(event: WatchEvent) => Uint8Array> {
    if (!contentType.startsWith(PROTOBUF)) {
      return (event) => once(this.#json, event, () => Buffer.from(`${wireJsonText(event)}\n`));
    }
    const { encodeWatchFrame } = await import('../model/protobuf/encode-answer.ts');
    return (event) => once(this.#protobuf, event, () => encodeWatchFrame(event));
  }
}

function once<T>(written: WeakMap<WatchEvent, T>, event: WatchEvent, write: () => T): T {
  let bytes = written.get(event);
  if (bytes === undefined) written.set(event, (bytes = write()));
  return bytes;
}
