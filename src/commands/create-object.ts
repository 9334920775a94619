import type { ResourceScope } from '../client/client.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { Context } from './context.ts';
import { withGeneratedRecord } from './create/generator.ts';
import type { DryRun } from './dry-run.ts';
import { resourceOf } from './resource-of.ts';

/** How a command creates an object that it made itself. */
export interface Creation {
  readonly dryRun: DryRun;
  readonly fieldManager: string;
  /** Whether the object's configuration is recorded for a later apply. */
  readonly saveConfig: boolean;
}

/**
 * Creates an object in the namespace of the context; a client dry run gives it back, with the namespace only when that was
 * asked for.
 */
export async function createMadeObject(object: KubeObject, creation: Creation, context: Context): Promise<KubeObject> {
  const { name: namespace, explicit } = await context.namespace();
  const placed = explicit ? withNamespace(object, namespace) : object;
  if (creation.dryRun === 'client') return placed;
  const client = await context.client();
  const resource = await resourceOf(object.apiVersion, object.kind, context);
  const scope: ResourceScope = { resource, namespace };
  return client.create(scope, creation.saveConfig ? withGeneratedRecord(placed) : placed, {
    dryRun: creation.dryRun === 'server',
    fieldManager: creation.fieldManager,
    signal: context.signal,
  });
}

function withNamespace(object: KubeObject, namespace: string): KubeObject {
  const { name = '', ...metadata } = object.metadata;
  return { ...object, metadata: { name, namespace, ...metadata } };
}
