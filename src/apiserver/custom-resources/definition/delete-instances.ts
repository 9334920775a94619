import { StatusError } from '../../../model/status.ts';
import type { ObjectStorage } from '../../../storage/object-storage.ts';
import { inParallel } from '../../in-parallel.ts';
import type { DeleteContent, ServedResource } from '../../served-resource.ts';

/** How many deletions are under way at once. */
const AT_ONCE = 16;

/** Deletes all objects of a custom resource; answers whether none is left. Those with finalizers are marked and stay. */
export async function deleteInstances(
  storage: ObjectStorage,
  served: ServedResource,
  deleteContent: DeleteContent,
): Promise<boolean> {
  const { objects } = await storage.list(served.stored, '');
  await inParallel(objects, AT_ONCE, async (object) => {
    try {
      await deleteContent(served, object);
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error;
    }
  });
  return (await storage.count(served.stored, '')) === 0;
}
