import type { FlagValues } from './flag-values.ts';
import { UserError } from '../model/user-error.ts';

/** `client` prints what would be sent, `server` sends it without storing it. */
export type DryRun = 'none' | 'client' | 'server';

/** Reads `--dry-run`; `deprecated` when it stood alone. Throws UserError for anything that it does not know. */
export function dryRunOf(flags: FlagValues): { readonly dryRun: DryRun; readonly deprecated: boolean } {
  const text = flags.string('dry-run');
  if (text === 'unchanged') return { dryRun: 'client', deprecated: true };
  if (text === 'none' || text === 'client' || text === 'server') return { dryRun: text, deprecated: false };
  throw new UserError(`Invalid dry-run value (${text}). Must be "none", "server", or "client".`);
}

/** Whether a command that has `--dry-run` was asked to print only what it would send. */
export function isClientDryRun(flags: FlagValues): boolean {
  return flags.defines('dry-run') && ['client', 'unchanged'].includes(flags.given('dry-run') ?? '');
}

/** What success lines end with. */
export function dryRunSuffix(dryRun: DryRun): string {
  if (dryRun === 'client') return ' (dry run)';
  return dryRun === 'server' ? ' (server dry run)' : '';
}
