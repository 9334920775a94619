import type { BackendOptions } from './backend-options.ts';
import type { RequestLog } from './client/request-log.ts';
import type { Transport } from './client/transport.ts';
import { retriesOf } from './commands/retries.ts';

/** Puts around a transport what -v and --retry ask for: the log sees every attempt, since what tries again is outside it. */
export async function wrapTransport(
  open: Transport,
  log: RequestLog | undefined,
  { flags, world }: BackendOptions,
): Promise<Transport> {
  const transport = log !== undefined && flags.int('v') >= 6 ? log.around(open) : open;
  const retries = retriesOf(flags, world.env);
  if (retries === 0) return transport;
  const [{ retryingTransport }, { setTimeout: pause }] = await Promise.all([
    import('./client/retrying-transport.ts'),
    import('node:timers/promises'),
  ]);
  return retryingTransport(transport, {
    retries,
    pause: (milliseconds, signal) => pause(milliseconds, undefined, signal === undefined ? {} : { signal }),
    log: (text) => log?.note(text),
  });
}
