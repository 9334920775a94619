import type { KubeObject } from '../model/kube-object.ts';
import type { Table } from '../model/table.ts';
import { humanDuration } from '../model/duration.ts';

/** The table of `--server-print=false`: name and age alone. */
export function clientTable(objects: readonly KubeObject[], now: Date): Table {
  return {
    apiVersion: 'meta.k8s.io/v1',
    kind: 'Table',
    metadata: {},
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name', priority: 0 },
      { name: 'Age', type: 'string', format: '', priority: 0 },
    ],
    rows: objects.map((object) => ({ cells: [object.metadata.name ?? '', ageOf(object, now)], object })),
  };
}

function ageOf(object: KubeObject, now: Date): string {
  const created = object.metadata.creationTimestamp;
  return created ? humanDuration(now.getTime() - Date.parse(created)) : '<unknown>';
}
