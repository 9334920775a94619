import type { ManifestObject } from '../../manifests/manifest-object.ts';
import { groupVersionOf } from '../../model/schema/resource-info.ts';
import { UserError } from '../../model/user-error.ts';
import { scopeOf } from '../collection-pages.ts';
import type { Context } from '../context.ts';
import { pause } from '../pause.ts';
import { requestedManifests, targetOfManifest, type TargetRequest } from '../resolve-targets.ts';
import type { NamedTarget, TargetFailure } from '../target.ts';
import { waitCondition } from '../wait/wait-condition.ts';
import { waitForObject } from '../wait/wait-for-object.ts';
import { definedKinds } from './definitions.ts';
import type { Progress } from './progress.ts';
import { waveNames, waveRank, type WaveRank } from './wave-rank.ts';

/** How long a definition may take to be established, and its kind to be served then. */
const PATIENCE = 60_000;
const POLL = 200;

export interface ApplyWaves {
  readonly request: TargetRequest;
  /** Whether definitions are really stored, so that they can be waited for. */
  readonly stores: boolean;
  readonly progress: Progress;
}

interface Ranked {
  readonly manifest: ManifestObject;
  readonly rank: WaveRank;
}

/**
 * The objects of manifests in the order of waves. Everything is read before the first is yielded. Definitions are yielded
 * first; when the next object is asked for, they are waited for until they are established, so that objects of the kinds
 * that they define can be in the same manifests.
 */
export async function* targetsInWaves(
  { request, stores, progress }: ApplyWaves,
  context: Context,
): AsyncGenerator<NamedTarget | TargetFailure> {
  const manifests: ManifestObject[] = [];
  for await (const each of requestedManifests(request, context)) {
    if ('error' in each) yield { kind: 'failure', error: each.error };
    else manifests.push(each);
  }
  const defined = definedKinds(manifests.map(({ object }) => object));
  const ranked = manifests
    .map((manifest): Ranked => ({ manifest, rank: rankOf(manifest, defined) }))
    .toSorted((left, right) => left.rank.wave - right.rank.wave || left.rank.place - right.rank.place);
  const definitions: NamedTarget[] = [];
  let wave = -1;
  progress.start(ranked.length);
  for (const { manifest, rank } of ranked) {
    if (rank.wave !== wave) {
      if (wave === 0 && stores) await untilEstablished(definitions, context);
      wave = rank.wave;
      progress.enter(waveNames[wave] ?? '');
    }
    const expected = stores && defined.has(`${manifest.object.kind}.${groupOf(manifest)}`);
    const target = expected ? await targetOnceServed(manifest, context) : await targetOfManifest(manifest, context);
    if (target.kind === 'named' && manifest.object.kind === 'CustomResourceDefinition') definitions.push(target);
    yield target;
  }
}

function rankOf(manifest: ManifestObject, defined: ReadonlySet<string>): WaveRank {
  return waveRank(manifest.object.kind, groupOf(manifest), defined);
}

function groupOf({ object }: ManifestObject): string {
  return groupVersionOf(object.apiVersion).group;
}

/** What could not be applied is not waited for: its own error was told. */
async function untilEstablished(definitions: readonly NamedTarget[], context: Context): Promise<void> {
  const limit = AbortSignal.timeout(PATIENCE);
  const signal = AbortSignal.any([context.signal, limit]);
  const client = await context.client();
  await Promise.all(
    definitions.map(async (target) => {
      const object = await client.get(scopeOf(target), target.name, { signal }).catch(() => undefined);
      if (object === undefined) return;
      try {
        const conditions = [waitCondition('condition=Established')];
        await waitForObject(
          { target, object, conditions, failOn: [], once: false, local: false, firstLook: limit },
          context,
          signal,
        );
      } catch (error) {
        if (!limit.aborted) throw error;
        const message = `timed out waiting for ${target.resource.plural}/${target.name} to be established`;
        throw new UserError(message, { cause: error });
      }
    }),
  );
}

/** A server may take a moment to serve what was just established. */
async function targetOnceServed(manifest: ManifestObject, context: Context): Promise<NamedTarget | TargetFailure> {
  const end = context.now().getTime() + PATIENCE / 10;
  for (;;) {
    const target = await targetOfManifest(manifest, context);
    const { mapper } = await context.client();
    const { apiVersion, kind } = manifest.object;
    if (target.kind === 'named' || (await mapper.resourceForKind(apiVersion, kind)) !== undefined) return target;
    if (context.now().getTime() >= end) return target;
    await pause(POLL, context.signal);
  }
}
