import type { CreateCompanion } from '../../storage/object-storage.ts';
import type { ApiServer } from '../api-server.ts';
import type { QuotaCharge } from './resource-quota.ts';

/** The quotas that are written in the transaction of an object, as they are stored. */
export async function chargesFor(
  { catalog }: Pick<ApiServer, 'catalog'>,
  charges: readonly QuotaCharge[],
): Promise<CreateCompanion[]> {
  if (charges.length === 0) return [];
  const quotas = await catalog.preferred('', 'resourcequotas');
  if (quotas === undefined) return [];
  return charges.map((charge) => ({ ...charge, kind: quotas.stored, object: quotas.toStored(charge.object) }));
}
