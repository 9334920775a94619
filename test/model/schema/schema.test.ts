import { describe, expect, it } from 'vitest';
import { allTypes, builtInPackages, typeByName, typeForKind } from '../../../src/model/schema/schema.ts';
import type { FieldSchema, TypeSchema, ValueSchema } from '../../../src/model/schema/type-schema.ts';

function fieldAt(apiVersion: string, kind: string, path: string): FieldSchema {
  let type: TypeSchema | undefined = typeForKind(apiVersion, kind);
  let field: FieldSchema | undefined;
  for (const name of path.split('.')) {
    field = type?.field(name);
    let value: ValueSchema | undefined = field?.value;
    while (value?.kind === 'list' || value?.kind === 'map') value = value.element;
    type = value?.kind === 'message' ? value.message : undefined;
  }
  if (field === undefined) throw new Error(`${kind} has no ${path}`);
  return field;
}

describe('typeForKind', () => {
  it('knows kinds, lists and what every group has', () => {
    expect(typeForKind('v1', 'Pod')?.name).toBe('core.v1.Pod');
    expect(typeForKind('apps/v1', 'DeploymentList')?.name).toBe('apps.v1.DeploymentList');
    expect(typeForKind('autoscaling/v1', 'Scale')?.name).toBe('autoscaling.v1.Scale');
    expect(typeForKind('v1', 'Status')?.name).toBe('meta.v1.Status');
    expect(typeForKind('policy/v1', 'DeleteOptions')?.name).toBe('meta.v1.DeleteOptions');
    expect(typeForKind('apiregistration.k8s.io/v1', 'APIService')?.name).toBe('apiregistration.v1.APIService');
  });

  it('knows no others: not a part of a kind, not a kind of another group or version', () => {
    expect(typeForKind('v1', 'PodSpec')).toBeUndefined();
    expect(typeForKind('v1', 'Deployment')).toBeUndefined();
    expect(typeForKind('apps/v1beta1', 'Deployment')).toBeUndefined();
    expect(typeForKind('stable.example.com/v1', 'CronTab')).toBeUndefined();
    expect(typeByName('core.v1.Nothing')).toBeUndefined();
  });
});

describe('a field', () => {
  it('says its Go type where that is not the plain one', () => {
    expect(fieldAt('v1', 'Pod', 'spec.restartPolicy').value).toMatchObject({
      kind: 'string',
      goType: 'v1.RestartPolicy',
    });
    expect(fieldAt('v1', 'Pod', 'metadata.uid').value).toMatchObject({ kind: 'string', goType: 'types.UID' });
    expect(fieldAt('v1', 'Pod', 'spec.nodeName').value).toEqual({ kind: 'string', pointer: false });
    expect(fieldAt('v1', 'ResourceQuota', 'spec.hard').value).toMatchObject({ kind: 'map', goType: 'v1.ResourceList' });
    const modes = fieldAt('v1', 'PersistentVolume', 'spec.accessModes').value;
    expect(modes).toMatchObject({ kind: 'list', element: { goType: 'v1.PersistentVolumeAccessMode' } });
    expect(modes.goType).toBeUndefined();
  });

  it('says what server-side apply and strategic merge need', () => {
    expect(fieldAt('v1', 'Service', 'spec.ports')).toMatchObject({
      listType: 'map',
      listMapKeys: ['port', 'protocol'],
      patchStrategies: ['merge'],
      patchMergeKey: 'port',
    });
    expect(fieldAt('v1', 'Pod', 'spec.volumes')).toMatchObject({ patchStrategies: ['merge', 'retainKeys'] });
    expect(fieldAt('v1', 'Pod', 'metadata.finalizers')).toMatchObject({ listType: 'set', patchStrategies: ['merge'] });
    expect(fieldAt('apps/v1', 'Deployment', 'spec.selector')).toMatchObject({ atomic: true, required: true });
    expect(fieldAt('apps/v1', 'Deployment', 'spec.strategy')).toMatchObject({ patchStrategies: ['retainKeys'] });
    expect(fieldAt('v1', 'Pod', 'spec.nodeSelector')).toMatchObject({ atomic: true });
    expect(fieldAt('v1', 'Event', 'involvedObject')).toMatchObject({ atomic: true });
  });

  it('says enums and defaults', () => {
    expect(fieldAt('v1', 'Pod', 'spec.restartPolicy').enum).toEqual(['Always', 'OnFailure', 'Never']);
    expect(fieldAt('v1', 'Service', 'spec.ports.protocol')).toMatchObject({
      default: 'TCP',
      enum: ['TCP', 'UDP', 'SCTP'],
    });
    expect(fieldAt('v1', 'PersistentVolume', 'spec.azureDisk.cachingMode').default).toBe('ReadWrite');
    expect(fieldAt('v1', 'ConfigMap', 'data').enum).toBeUndefined();
  });

  it('is found through inlined structs', () => {
    expect(fieldAt('v1', 'Pod', 'spec.volumes.configMap').number).toBe(19);
    expect(fieldAt('v1', 'Pod', 'spec.containers.livenessProbe.httpGet.port').value.kind).toBe('IntOrString');
    const volume = typeByName('core.v1.Volume');
    expect(volume?.fields.map((field) => [field.name, field.number])).toEqual([
      ['name', 1],
      ['', 2],
    ]);
  });
});

describe('the tables', () => {
  it('are read in full: every field has a type, a number of its own and a name of its own', () => {
    expect(allTypes().length).toBeGreaterThan(700);
    for (const type of allTypes()) {
      const stored = type.fields.filter((field) => field.number > 0);
      expect(new Set(stored.map((field) => field.number)).size, type.name).toBe(stored.length);
      for (const field of type.fields) {
        expect(field.name === '' && field.value.kind !== 'message', `${type.name}.${field.name}`).toBe(false);
        if (field.name !== '') expect(type.field(field.name)).toBe(field);
      }
    }
  });

  it('have types for every group version', () => {
    const packages = new Set(allTypes().map((type) => type.name.split('.').slice(0, 2).join('.')));
    for (const [apiVersion, name] of builtInPackages()) expect(packages.has(name), apiVersion).toBe(true);
  });

  it('leave out of protobuf only what is never stored', () => {
    const unstored = allTypes().flatMap((type) =>
      type.fields.filter((field) => field.number === 0).map((field) => `${type.name}.${field.name}`),
    );
    expect(unstored).toMatchInlineSnapshot(`
      [
        "meta.v1.Table.metadata",
        "meta.v1.Table.columnDefinitions",
        "meta.v1.Table.rows",
        "meta.v1.TableColumnDefinition.name",
        "meta.v1.TableColumnDefinition.type",
        "meta.v1.TableColumnDefinition.format",
        "meta.v1.TableColumnDefinition.description",
        "meta.v1.TableColumnDefinition.priority",
        "meta.v1.TableRow.cells",
        "meta.v1.TableRow.conditions",
        "meta.v1.TableRow.object",
        "meta.v1.TableRowCondition.type",
        "meta.v1.TableRowCondition.status",
        "meta.v1.TableRowCondition.reason",
        "meta.v1.TableRowCondition.message",
      ]
    `);
  });
});
