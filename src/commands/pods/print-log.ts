import type { Context, OutputStream } from '../context.ts';
import { LineWriter } from './line-writer.ts';
import type { LogRequest } from './log-requests.ts';
import { podPath } from './pod-path.ts';

/** Prints one container's log as it comes, in whole lines, each behind the prefix. */
export async function printLog(
  request: LogRequest,
  query: URLSearchParams,
  to: { readonly out: OutputStream; readonly prefix: string },
  context: Context,
): Promise<void> {
  const client = await context.client();
  const all = new URLSearchParams([['container', request.container], ...query]);
  const response = await client.request({
    method: 'GET',
    path: podPath(request.namespace, request.pod, 'log'),
    query: all,
    headers: { accept: '*/*' },
    stream: true,
    signal: context.signal,
  });
  const lines = new LineWriter(to.out, to.prefix);
  try {
    if (response.chunks === undefined) lines.write(Buffer.from(textOf(response.body)));
    else for await (const chunk of response.chunks) lines.write(chunk);
  } finally {
    lines.end();
  }
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
}
