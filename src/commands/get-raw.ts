import { compactJson } from '../model/json-printer.ts';
import type { Context } from './context.ts';

/** Prints the server's answer for a path as it is. */
export async function getRaw(uri: string, context: Context): Promise<void> {
  const client = await context.client();
  const url = new URL(uri, 'http://server');
  const response = await client.request({
    method: 'GET',
    path: url.pathname,
    query: url.searchParams,
    signal: context.signal,
  });
  if (response.events !== undefined) {
    for await (const event of response.events) context.streams.out.write(`${compactJson(event)}\n`);
    return;
  }
  const { body } = response;
  context.streams.out.write(typeof body === 'string' ? body : `${compactJson(body)}\n`);
}
