/** Whether text on a stream is to be coloured: `--color`, then NO_COLOR and FORCE_COLOR, then whether it is a terminal. */
export function wantsColor(
  color: string,
  env: Readonly<Record<string, string | undefined>>,
  stream: { readonly isTerminal: boolean },
): boolean {
  if (color === 'always') return true;
  if (color === 'never') return false;
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return stream.isTerminal;
}
