import { StatusError } from '../../model/status.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { writeDatedConditions } from './conditions.ts';
import type { Describing } from './describer.ts';
import { textAt } from './fields.ts';
import { writeLimitRanges } from './limit-range.ts';
import { writeLabelsAndAnnotations, writeName } from './metadata-lines.ts';
import { writeQuotas } from './resource-quota.ts';

/** v1 Namespace, with its quotas and limit ranges. */
export async function describeNamespace(describing: Describing): Promise<void> {
  const { object, out } = describing;
  const [quotas, limits] = await Promise.all([listOwn(describing, 'ResourceQuota'), listOwn(describing, 'LimitRange')]);
  writeName(describing);
  writeLabelsAndAnnotations(describing);
  out.line(0, 'Status:', textAt(object, 'status.phase'));
  writeDatedConditions(out, object);
  if (quotas !== undefined) {
    out.write(0, '\n');
    writeQuotas(out, quotas);
  }
  if (limits !== undefined) {
    out.write(0, '\n');
    writeLimitRanges(out, limits);
  }
}

/** The namespace's objects of a kind; undefined when the server does not know the kind. */
async function listOwn({ object, source }: Describing, kind: string): Promise<KubeObject[] | undefined> {
  try {
    return await source.list({ apiVersion: 'v1', kind, namespace: object.metadata.name ?? '' });
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound') return undefined;
    throw error;
  }
}
