import type { KubeObject } from '../../model/kube-object.ts';
import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import type { Strategy } from '../strategy.ts';

/** The strategy of a kind without code of its own: nothing is defaulted and nothing is validated. */
export function genericStrategy(resource: ResourceInfo): Strategy {
  const hasStatus = resource.subresources.includes('status');
  return {
    defaults(): void {},
    prepareForCreate(object): void {
      if (hasStatus) delete object.status;
    },
    prepareForUpdate(object, old): void {
      if (hasStatus) keepField(object, old, 'status');
    },
    validate: () => [],
    validateUpdate: () => [],
    allowCreateOnUpdate: false,
    allowUnconditionalUpdate: true,
    hasStatus,
    table: {
      columns: [
        { name: 'Name', type: 'string', format: 'name', priority: 0 },
        { name: 'Created At', type: 'date', format: '', priority: 0 },
      ],
      cells: (object) => [object.metadata.name ?? '', object.metadata.creationTimestamp ?? null],
    },
  };
}

function keepField(object: KubeObject, old: KubeObject, field: string): void {
  if (old[field] === undefined) delete object[field];
  else object[field] = old[field];
}
