import type { RequestLog } from './client/request-log.ts';
import type { World } from './world.ts';

/** The log that -v asks for, on standard error; `base` is what the server's addresses begin with. */
export async function openRequestLog(world: World, level: number, base: string): Promise<RequestLog> {
  const { RequestLog: Log } = await import('./client/request-log.ts');
  return new Log({
    level,
    base,
    pid: world.pid ?? 0,
    now: () => world.now(),
    write: (text) => world.streams.err.write(text),
  });
}
