import { describe, expect, it } from 'vitest';
import { managedFieldsMigration, ownsLastApplied } from '../../src/commands/apply/managed-fields-migration.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../src/model/kube-object.ts';
import { RawJson } from '../../src/model/raw-json.ts';

const ANNOTATION = 'f:kubectl.kubernetes.io/last-applied-configuration';
const record = { 'f:metadata': { 'f:annotations': { '.': {}, [ANNOTATION]: {} } } };

function entry(
  manager: string,
  operation: 'Apply' | 'Update',
  fields: object,
  extra: Partial<ManagedFieldsEntry> = {},
) {
  return {
    manager,
    operation,
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
    ...extra,
  } as ManagedFieldsEntry;
}

function migrated(managedFields: ManagedFieldsEntry[]): unknown {
  const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { resourceVersion: '9', managedFields } };
  return managedFieldsMigration(object, 'kubectl');
}

function patch(value: ManagedFieldsEntry[]): unknown {
  return [
    { op: 'replace', path: '/metadata/managedFields', value },
    { op: 'replace', path: '/metadata/resourceVersion', value: '9' },
  ];
}

describe('the migration of managed fields to server-side apply', () => {
  it('has nothing to do where nothing was applied on the client side', () => {
    expect(migrated([])).toBeUndefined();
    expect(migrated([entry('kubectl', 'Apply', record), entry('other', 'Update', { 'f:data': {} })])).toBeUndefined();
  });

  it('makes the client-side entry that of the manager', () => {
    const client = entry('kubectl-client-side-apply', 'Update', { ...record, 'f:data': { 'f:a': {} } });
    expect(migrated([client])).toEqual(patch([{ ...client, manager: 'kubectl', operation: 'Apply' }]));
  });

  it('joins the fields of both, and keeps the entries of others', () => {
    const server = entry('kubectl', 'Apply', { 'f:data': { 'f:a': {}, 'f:map': {} } });
    const client = entry('kubectl-client-side-apply', 'Update', {
      ...record,
      'f:data': { 'f:b': {}, 'f:map': { 'f:x': {} } },
    });
    const other = entry('other', 'Update', { 'f:data': { 'f:c': {} } });
    const fieldsV1 = { ...record, 'f:data': { 'f:a': {}, 'f:b': {}, 'f:map': { '.': {}, 'f:x': {} } } };
    expect(migrated([server, client, other])).toEqual(patch([{ ...server, fieldsV1 }, other]));
  });

  it('drops entries of the same manager for other versions, and leaves those of subresources', () => {
    const client = entry('csa', 'Update', record);
    const older = entry('csa', 'Update', record, { apiVersion: 'v1beta1' });
    const status = entry('csa', 'Update', record, { subresource: 'status' });
    expect(migrated([client, older, status])).toEqual(
      patch([{ ...client, manager: 'kubectl', operation: 'Apply' }, status]),
    );
  });

  it('reads fields that were kept as bytes', () => {
    const bytes = new RawJson(Buffer.from(JSON.stringify(record)));
    expect(ownsLastApplied(entry('a', 'Update', bytes))).toBe(true);
    expect(ownsLastApplied(entry('a', 'Update', { 'f:metadata': { 'f:annotations': {} } }))).toBe(false);
  });
});
