import { compactJson } from '../model/json-printer.ts';
import type { Context } from './context.ts';

/** Sends a DELETE to a path and prints the server's answer as it is. */
export async function deleteRaw(uri: string, context: Context): Promise<void> {
  const client = await context.client();
  const url = new URL(uri, 'http://server');
  const { body } = await client.request({
    method: 'DELETE',
    path: url.pathname,
    query: url.searchParams,
    signal: context.signal,
  });
  context.streams.out.write(typeof body === 'string' ? body : `${compactJson(body)}\n`);
}
