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

/** What writes the events of a watch: JSON objects, one a line, or frames of protobuf. */
export async function eventEncoder(contentType: string): Promise<(event: WatchEvent) => string | Uint8Array> {
  if (!contentType.startsWith(PROTOBUF)) return (event) => `${wireJsonText(event)}\n`;
  return (await import('../model/protobuf/encode-answer.ts')).encodeWatchFrame;
}
