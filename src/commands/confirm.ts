import type { Context } from './context.ts';

/** Asks on standard output and reads one line; only y and yes are a yes. */
export async function confirm(question: string, context: Context): Promise<boolean> {
  context.streams.out.write(question);
  const answer = (await context.streams.in.readLine()).trim().toLowerCase();
  return answer === 'y' || answer === 'yes';
}
