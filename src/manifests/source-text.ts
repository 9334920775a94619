import { open } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { UserError } from '../model/user-error.ts';
import { systemErrorText } from './file-error.ts';
import type { ManifestSource } from './manifest-sources.ts';
import { type Downloads, downloadUrl } from './download-url.ts';

/** What of the world outside the reading of a source needs. */
export interface SourceAccess extends Downloads {
  /** All of standard input. */
  stdin(): Promise<Buffer>;
}

const CHUNK = 256 * 1024;

/**
 * The text of a source in pieces, read as it is asked for: UTF-8, with U+FFFD for what is none, or UTF-16 where a byte order
 * mark says so. Throws UserError as kubectl words it when the source cannot be opened or read, ConnectionError for a server.
 */
export async function* sourceText(
  source: ManifestSource,
  access: SourceAccess,
): AsyncGenerator<string, void, undefined> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of bytesOf(source, access)) {
    access.signal?.throwIfAborted();
    decoder ??= new TextDecoder(encodingOf(chunk));
    yield decoder.decode(chunk, { stream: true });
  }
  if (decoder !== undefined) yield decoder.decode();
}

function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8';
}

function bytesOf(source: ManifestSource, access: SourceAccess): AsyncIterable<Uint8Array> {
  if (source.kind === 'stdin') return slices(access);
  return source.kind === 'url' ? downloadUrl(source.name, access) : fileBytes(source.name);
}

async function* slices(access: SourceAccess): AsyncGenerator<Uint8Array, void, undefined> {
  const all = await access.stdin();
  for (let start = 0; start < all.length; start += CHUNK) yield all.subarray(start, start + CHUNK);
}

async function* fileBytes(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await open(file).catch((error: unknown) => {
    throw new UserError(`open ${file}: ${systemErrorText(error)}`);
  });
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw new UserError(`error parsing ${file}: read ${file}: ${systemErrorText(error)}`);
  } finally {
    await handle.close();
  }
}
