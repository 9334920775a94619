import { compareBytes } from '../../model/byte-order.ts';
import { type Status, StatusError } from '../../model/status.ts';
import type { FieldManager } from './field-managers.ts';
import { FieldSet } from './field-set.ts';
import { type PathElement, pathText } from './path-element.ts';

/** A field that an apply would change and that another manager manages. */
export interface FieldConflict {
  /** What tells the manager apart. */
  readonly key: string;
  readonly manager: Omit<FieldManager, 'fields'>;
  readonly path: readonly PathElement[];
}

/** An apply that would change fields of other managers. Its status is the one that kube-apiserver answers. */
export class ApplyConflict extends StatusError {
  readonly conflicts: readonly FieldConflict[];

  constructor(conflicts: readonly FieldConflict[]) {
    const sorted = [...conflicts].sort((left, right) => compareBytes(left.key, right.key));
    super(statusOf(sorted));
    this.conflicts = sorted;
  }

  /** The fields that are in conflict. */
  get fields(): FieldSet {
    const set = new FieldSet();
    for (const { path } of this.conflicts) set.insert(path);
    return set;
  }
}

function statusOf(conflicts: readonly FieldConflict[]): Status {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${managerText(manager)}`,
    field: pathText(path),
  }));
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: messageOf(conflicts),
    reason: 'Conflict',
    details: { causes },
    code: 409,
  };
}

function messageOf(conflicts: readonly FieldConflict[]): string {
  const [first] = conflicts;
  if (first !== undefined && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${managerText(first.manager)}: ${pathText(first.path)}`;
  }
  const lines: string[] = [];
  let told = '';
  for (const { key, manager, path } of conflicts) {
    if (key !== told) lines.push(`conflicts with ${managerText(manager)}:`);
    told = key;
    lines.push(`- ${pathText(path)}`);
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

function managerText({ manager, operation, apiVersion, subresource }: FieldConflict['manager']): string {
  const name = JSON.stringify(manager);
  const from = subresource === '' ? name : `${name} with subresource ${JSON.stringify(subresource)}`;
  return operation === 'Update' ? `${from} using ${apiVersion}` : from;
}
