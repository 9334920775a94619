import fs from 'node:fs';
import { compactJson } from '../model/json-printer.ts';
import { JsonSyntaxError, parseJson } from '../model/json-reader.ts';
import type { JsonValue } from '../model/json-value.ts';
import { badRequest } from '../model/status-errors.ts';
import { UserError } from '../model/user-error.ts';
import type { Context } from './context.ts';
import { systemMessage } from './create/data-sources.ts';
import type { TargetRequest } from './resolve-targets.ts';

/** How much of a body that is no JSON an API server repeats. */
const SHOWN_BYTES = 30;

/** What else was asked for together with `--raw`. */
export interface RawCompanions {
  readonly request: TargetRequest;
  readonly output: string;
  readonly edit?: boolean;
}

/** Checks the flags around `--raw`. Throws UserError in kubectl's words and order. */
export function checkRaw(uri: string, { request, output, edit }: RawCompanions): void {
  const [file = ''] = request.filenames;
  if (edit === true) throw new UserError('--raw and --edit are mutually exclusive');
  if (request.filenames.length !== 1) throw new UserError('--raw can only use a single local file or stdin');
  if (/^https?:\/\//.test(file)) throw new UserError('--raw cannot read from a url');
  if (request.recursive) throw new UserError('--raw and --recursive are mutually exclusive');
  if (request.labelSelector) throw new UserError('--raw and --selector (-l) are mutually exclusive');
  if (output !== '') throw new UserError('--raw and --output are mutually exclusive');
  if (!/^(\/|[a-zA-Z][a-zA-Z0-9+.-]*:)/.test(uri)) {
    throw new UserError(`--raw must be a valid URL path: parse ${JSON.stringify(uri)}: invalid URI for request`);
  }
}

/** Sends a file, or standard input for `-`, to a path and prints the server's answer as it is. */
export async function sendRaw(method: 'POST' | 'PUT', uri: string, file: string, context: Context): Promise<void> {
  const bytes = file === '-' ? await context.streams.in.readAll() : readFile(file);
  const client = await context.client();
  const url = new URL(uri, 'http://server');
  const request = {
    method,
    path: url.pathname,
    query: url.searchParams,
    body: parseBody(bytes),
    signal: context.signal,
  };
  const { body } = await client.request(request);
  context.streams.out.write(typeof body === 'string' ? body : `${compactJson(body)}\n`);
}

function readFile(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new UserError(`open ${file}: ${systemMessage(error)}`, { cause: error });
  }
}

/** What is no JSON is refused as an API server does. */
function parseBody(bytes: Buffer): JsonValue {
  try {
    return parseJson(bytes.toString('utf8'));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const start = `${bytes.subarray(0, SHOWN_BYTES).toString('hex')}${bytes.length > SHOWN_BYTES ? ' ...' : ''}`;
    throw badRequest(
      `the object provided is unrecognized: couldn't get version/kind; json parse error: ${error.message} (${start})`,
    );
  }
}
