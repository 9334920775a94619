import type { NamedTarget, TargetFailure } from '../target.ts';
import { definedKinds } from './definitions.ts';
import { waveNames, waveRank, type WaveRank } from './wave-rank.ts';

export interface DeletionWave {
  readonly name: string;
  readonly targets: readonly (NamedTarget | TargetFailure)[];
}

/**
 * What is to be deleted in waves, the reverse of those of apply: custom resources before the workloads that may have to
 * finish them, definitions and namespaces last. Failures come first.
 */
export function deletionWaves(targets: readonly (NamedTarget | TargetFailure)[]): DeletionWave[] {
  const named = targets.filter((target) => target.kind === 'named');
  const failures = targets.filter((target) => target.kind === 'failure');
  const defined = definedKinds(named.flatMap(({ manifest }) => (manifest === undefined ? [] : [manifest.object])));
  const ranked = named.map((target) => ({ target, rank: rankOf(target, defined) }));
  const waves = waveNames.map((name, wave) => ({
    name,
    targets: ranked
      .filter(({ rank }) => rank.wave === wave)
      .toSorted((left, right) => right.rank.place - left.rank.place)
      .map(({ target }) => target),
  }));
  const filled = waves.filter((wave) => wave.targets.length > 0).toReversed();
  return failures.length === 0 ? filled : [{ name: '', targets: failures }, ...filled];
}

function rankOf({ resource }: NamedTarget, defined: ReadonlySet<string>): WaveRank {
  return waveRank(resource.kind, resource.group, defined);
}
