import type { StoreCare } from '../store-care.ts';
import { systemClock } from './lease-clock.ts';
import { checkStore } from './repair/check-store.ts';
import { repairStore } from './repair/repair-store.ts';

/** Looks after the store in a folder. Opens nothing before it is asked. */
export function openStoreCare(folder: string): StoreCare {
  return {
    check: () => checkStore(folder),
    repair: () => repairStore(folder, systemClock()),
  };
}
