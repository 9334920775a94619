import { describe, expect, it } from 'vitest';
import { strategyFor } from '../../../src/apiserver/kinds/strategy-for.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { asGo, cluster } from './created.ts';
import { referenceObjects, resourceInfo } from './reference-objects.ts';

/** Kinds whose answer holds what a strategy cannot know; what is taken from the reference, and why. */
const KNOWN_GAPS: Record<string, (made: KubeObject, reference: KubeObject) => void> = {
  // The signer of a request is the user who posts it, and a strategy is not told who that is.
  certificatesigningrequests: (made, reference) => {
    const spec = made['spec'] as Record<string, unknown>;
    for (const key of ['username', 'uid', 'groups']) spec[key] = (reference['spec'] as Record<string, unknown>)[key];
  },
};

/** What the server chose by chance. */
function sameChoices(made: KubeObject, reference: KubeObject): void {
  if (made.kind !== 'Service') return;
  const spec = made['spec'] as { clusterIP: string; clusterIPs: string[]; ports: { nodePort: number }[] };
  const wanted = reference['spec'] as typeof spec;
  expect(spec.clusterIP).toMatch(/^10\.0\.0\.\d+$/);
  expect(spec.clusterIPs).toEqual([spec.clusterIP]);
  spec.clusterIP = wanted.clusterIP;
  spec.clusterIPs = wanted.clusterIPs;
  for (const [index, port] of spec.ports.entries()) {
    expect(port.nodePort).toBeGreaterThanOrEqual(30_000);
    port.nodePort = wanted.ports[index]?.nodePort ?? 0;
  }
}

describe('what a new object becomes', () => {
  it.each(referenceObjects)('$group/$version $resource', async ({ group, version, resource, input, object }) => {
    const strategy = await strategyFor(resourceInfo(group, version, resource));
    const made = asGo(input);
    const { uid, creationTimestamp, namespace, resourceVersion } = object.metadata;
    Object.assign(made.metadata, { uid, creationTimestamp, namespace, resourceVersion });
    strategy.defaults(made);
    strategy.prepareForCreate(made);
    const context = { ...cluster(), now: () => new Date(creationTimestamp ?? '') };
    await strategy.admit?.(made, undefined, context);
    sameChoices(made, object);
    KNOWN_GAPS[resource]?.(made, object);
    expect(strategy.validate(made)).toEqual([]);
    const { managedFields: _, ...metadata } = object.metadata;
    expect(typed(made)).toEqual({ ...object, metadata });
  });

  it.each(referenceObjects)(
    '$resource: defaulting again changes nothing',
    async ({ group, version, resource, object }) => {
      const strategy = await strategyFor(resourceInfo(group, version, resource));
      const again = structuredClone(object);
      strategy.defaults(again);
      expect(typed(again)).toEqual(object);
    },
  );
});

/** As Go prints it, but for kinds that the type tables do not have. */
function typed(object: KubeObject): KubeObject {
  const shaped = asGo(object);
  if (shaped.metadata.namespace === undefined) delete shaped.metadata.namespace;
  return JSON.parse(JSON.stringify(shaped)) as KubeObject;
}
