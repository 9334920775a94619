import type { FlagValues } from '../../flag-values.ts';
import type { Flag } from '../../flag.ts';

/** How values are compared. */
export interface CompareOptions {
  readonly showManagedFields: boolean;
  readonly showSecrets: boolean;
}

/** Flags of the commands that compare stored values. */
export const compareFlags: readonly Flag[] = [
  { name: 'show-managed-fields', type: 'bool', default: 'false', usage: 'Compare metadata.managedFields too.' },
  { name: 'show-secrets', type: 'bool', default: 'false', usage: 'Show the data of Secrets instead of asterisks.' },
];

/** Reads compareFlags. */
export function compareOptions(flags: FlagValues): CompareOptions {
  return { showManagedFields: flags.bool('show-managed-fields'), showSecrets: flags.bool('show-secrets') };
}
