import { describe, expect, it } from 'vitest';
import { strategyFor } from '../../../src/apiserver/kinds/strategy-for.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { referenceColumns, referenceObjects, resourceInfo } from './reference-objects.ts';

/** Objects whose row was recorded later than the object itself: what a controller had changed by then. */
const CHANGED_SINCE: Record<string, (object: KubeObject) => void> = {
  // The server's own flow-control controller had marked the schema, whose priority level does not exist.
  flowschemas: (object) => {
    object.status = { conditions: [{ type: 'Dangling', status: 'True' }] };
  },
};

describe('table columns', () => {
  const resources = Object.entries(referenceColumns).map(([path, columns]) => {
    const parts = path.split('/');
    const [group, version, plural] = parts.length === 2 ? ['', ...parts] : parts;
    return { path, group: group ?? '', version: version ?? '', plural: plural ?? '', columns };
  });

  it.each(resources)('$path', async ({ group, version, plural, columns }) => {
    const strategy = await strategyFor(resourceInfo(group, version, plural));
    expect(strategy.table.columns).toEqual(columns);
  });

  it('covers every resource of the reference', () => {
    expect(resources.length).toBeGreaterThan(55);
  });
});

describe('table cells', () => {
  it.each(referenceObjects)('$group/$version $resource', async ({ group, version, resource, object, tableCells }) => {
    const shown = structuredClone(object);
    CHANGED_SINCE[resource]?.(shown);
    const strategy = await strategyFor(resourceInfo(group, version, resource));
    const now = new Date(Date.parse(object.metadata.creationTimestamp ?? ''));
    expect(strategy.table.cells(shown, now)).toEqual(tableCells);
  });

  it('covers all reference objects', () => {
    expect(referenceObjects).toHaveLength(41);
  });
});
