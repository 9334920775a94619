import type { KubeObject } from '../../model/kube-object.ts';
import { compareBytes } from '../../model/byte-order.ts';
import { formatQuantity, quantityValue } from '../../model/quantity.ts';
import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { mapAt, sortedEntries, stringsAt } from './fields.ts';
import { writeNames } from './metadata-lines.ts';
import { quantityOf, quantityText } from './quantity-text.ts';

const SCOPES: ReadonlyMap<string, string> = new Map([
  [
    'Terminating',
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  ],
  [
    'NotTerminating',
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  ],
  [
    'BestEffort',
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  ],
  [
    'NotBestEffort',
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
  ],
]);

/** v1 ResourceQuota. */
export async function describeResourceQuota(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  writeScopes(out, object, 0);
  out.line(0, 'Resource', 'Used', 'Hard');
  out.line(0, '--------', '----', '----');
  const used = mapAt(object, 'status.used');
  for (const [name, hard] of sortedEntries(mapAt(object, 'status.hard'))) {
    out.line(0, name, usedText(used[name], hard), quantityText(hard));
  }
}

/** What is used, in the notation of the limit. */
function usedText(used: string | undefined, hard: string): string {
  const amount = quantityOf(used);
  const { format } = quantityOf(hard);
  if (amount.format === format) return quantityText(used);
  return formatQuantity({ unscaled: quantityValue(amount), scale: 0, format });
}

/** The quotas of a namespace. */
export function writeQuotas(out: Description, quotas: readonly KubeObject[]): void {
  if (quotas.length === 0) {
    out.line(0, 'No resource quota.');
    return;
  }
  out.line(0, 'Resource Quotas');
  for (const quota of [...quotas].sort((left, right) =>
    compareBytes(left.metadata.name ?? '', right.metadata.name ?? ''),
  )) {
    out.line(1, 'Name:', quota.metadata.name ?? '');
    writeScopes(out, quota, 1);
    out.line(1, 'Resource', 'Used', 'Hard');
    out.line(1, '--------', '---', '---');
    const used = mapAt(quota, 'status.used');
    for (const [name, hard] of sortedEntries(mapAt(quota, 'status.hard'))) {
      out.line(1, name, quantityText(used[name]), quantityText(hard));
    }
  }
}

function writeScopes(out: Description, quota: KubeObject, level: number): void {
  const scopes = stringsAt(quota, 'spec.scopes').sort(compareBytes);
  if (scopes.length === 0) return;
  out.line(level, 'Scopes:', scopes.join(', '));
  for (const scope of scopes) {
    const text = SCOPES.get(scope);
    if (text !== undefined) out.line(level, `${level === 0 ? ' ' : ''}* ${text}`);
  }
}
