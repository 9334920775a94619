import type { KubeObject } from '../../model/kube-object.ts';
import { compareQuantity, parseQuantity } from '../../model/quantity.ts';
import { forbidden } from '../../model/status-errors.ts';
import { partOf, textIn } from '../kinds/fields.ts';
import { quantityIn } from '../kinds/resource-list.ts';
import type { StrategyContext } from '../strategy.ts';

const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';
const NO_RESIZE =
  'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';

/** Throws Forbidden for a claim that grows and may not (the admission plug-in PersistentVolumeClaimResize). */
export async function checkClaimGrowth(object: KubeObject, old: KubeObject, context: StrategyContext): Promise<void> {
  if (compareQuantity(sizeOf(object), sizeOf(old)) <= 0) return;
  const refuse = (why: string) =>
    forbidden({ group: '', resource: 'persistentvolumeclaims' }, object.metadata.name ?? '', why);
  if (textIn(partOf(old, 'status'), 'phase') !== 'Bound') {
    throw refuse('Only bound persistent volume claims can be expanded');
  }
  const name = classOf(object);
  const found =
    name === '' || name !== classOf(old) ? undefined : await context.get('storageclasses.storage.k8s.io', '', name);
  if (found?.['allowVolumeExpansion'] !== true) throw refuse(NO_RESIZE);
}

function sizeOf(claim: KubeObject) {
  return quantityIn(partOf(claim, 'spec', 'resources', 'requests'), 'storage') ?? parseQuantity('0');
}

/** The class of a claim; the old annotation goes first. */
function classOf(claim: KubeObject): string {
  return claim.metadata.annotations?.[CLASS_ANNOTATION] ?? textIn(partOf(claim, 'spec'), 'storageClassName');
}
