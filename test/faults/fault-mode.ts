/** How hard the fault tests try: `npm run test:faults` sets `long`; as part of the whole suite they are `short`. */
export const faultMode: 'short' | 'long' = process.env['KUBE_LITE_FAULTS'] === 'long' ? 'long' : 'short';

/** The number of rounds, or of anything else, for the mode that is on. */
export function inMode(amounts: { readonly short: number; readonly long: number }): number {
  return amounts[faultMode];
}

/** The seed of everything that is left to chance: $KUBE_LITE_SEED, `random` for a new one, the same in every run when absent. */
export const faultSeed: number = seedOf(process.env['KUBE_LITE_SEED']);

function seedOf(given: string | undefined): number {
  if (given === 'random') return Math.floor(Math.random() * 2 ** 31);
  const seed = Number(given ?? 20261124);
  if (!Number.isSafeInteger(seed)) throw new Error(`KUBE_LITE_SEED is ${given}: want an integer, or random`);
  return seed;
}
