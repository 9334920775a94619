import { spawn } from 'node:child_process';
import type { OutputStream } from './commands/context.ts';
import type { World } from './world.ts';

/** Quits when the text fits the screen, lets colours through, and leaves the text on the screen. */
const LESS = 'FRX';

/**
 * Shows a text to a person: through `$KUBE_LITE_PAGER`, else `$PAGER`, else less, when standard output is a terminal. In a
 * pipe, with an empty pager or `cat`, and where the pager does not start, the text is just written.
 */
export async function pageText(text: string, { streams, env }: World): Promise<void> {
  const pager = env['KUBE_LITE_PAGER'] ?? env['PAGER'] ?? 'less';
  const shown = streams.out.isTerminal && text !== '' && pager.trim() !== '' && pager !== 'cat';
  if (!shown || !(await runPager(pager, text, { LESS, ...env }))) streams.out.write(text);
}

/** False when the pager could not be run: it is the shell that says 126 and 127. */
function runPager(pager: string, text: string, env: World['env']): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', pager], { stdio: ['pipe', 'inherit', 'ignore'], env: { ...env } });
    child.on('error', () => resolve(false));
    child.on('close', (status) => resolve(status !== 126 && status !== 127));
    // Whoever has seen enough quits before the end.
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
  });
}

/** An output that keeps what is written, and says of itself what another one says. */
export function keptOutput(like: OutputStream): { stream: OutputStream; text(): string } {
  const chunks: Buffer[] = [];
  return {
    stream: { ...like, write: (text) => void chunks.push(Buffer.from(text)) },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}
