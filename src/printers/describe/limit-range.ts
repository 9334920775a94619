import type { KubeObject } from '../../model/kube-object.ts';
import { compareBytes } from '../../model/byte-order.ts';
import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { mapAt, objectsAt, textAt } from './fields.ts';
import { writeNames } from './metadata-lines.ts';
import { quantityText } from './quantity-text.ts';

const COLUMNS = ['Type', 'Resource', 'Min', 'Max', 'Default Request', 'Default Limit', 'Max Limit/Request Ratio'];
const AMOUNTS = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'];

/** v1 LimitRange. */
export async function describeLimitRange(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  writeHeader(out, '');
  writeLimits(out, object, '');
}

/** The limit ranges of a namespace, in one table. */
export function writeLimitRanges(out: Description, limitRanges: readonly KubeObject[]): void {
  if (limitRanges.length === 0) {
    out.line(0, 'No LimitRange resource.');
    return;
  }
  out.line(0, 'Resource Limits');
  writeHeader(out, ' ');
  for (const each of limitRanges) writeLimits(out, each, ' ');
}

function writeHeader(out: Description, prefix: string): void {
  out.write(0, `${prefix}${COLUMNS.join('\t')}\n`);
  out.write(0, `${prefix}${COLUMNS.map((column) => '-'.repeat(column.length)).join('\t')}\n`);
}

/** kubectl prints the resources of a limit in Go's random map order; here they are sorted. */
function writeLimits(out: Description, limitRange: KubeObject, prefix: string): void {
  for (const limit of objectsAt(limitRange, 'spec.limits')) {
    const amounts = AMOUNTS.map((field) => mapAt(limit, field));
    const names = new Set(amounts.flatMap((map) => Object.keys(map)));
    for (const name of [...names].sort(compareBytes)) {
      const cells = amounts.map((map) => (Object.hasOwn(map, name) ? quantityText(map[name]) : '-'));
      out.line(0, `${prefix}${textAt(limit, 'type')}`, name, ...cells);
    }
  }
}
