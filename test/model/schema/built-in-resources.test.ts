import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInResources } from '../../../src/model/schema/built-in-resources.ts';
import { apiVersionOf, groupVersionOf } from '../../../src/model/schema/resource-info.ts';
import { typeForKind } from '../../../src/model/schema/schema.ts';

interface DiscoveryRow {
  group: string;
  version: string;
  plural: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
  shortNames: string[];
  categories: string[];
  responseKind?: { group?: string; version?: string };
}

const rows: DiscoveryRow[] = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/resources.json', import.meta.url), 'utf8'),
);

/** What discovery of the built-in resources says, as rows of the reference. */
function discoveryRows(): DiscoveryRow[] {
  return builtInResources().flatMap((resource) => {
    const { subresourceInfos, subresources, ...own } = resource;
    expect(subresources).toEqual(subresourceInfos.map((each) => each.name));
    const parent: DiscoveryRow = {
      ...own,
      verbs: [...own.verbs],
      shortNames: [...own.shortNames],
      categories: [...own.categories],
    };
    const below = subresourceInfos.map(({ name, group, version, kind, verbs }): DiscoveryRow => ({
      group: own.group,
      version: own.version,
      plural: `${own.plural}/${name}`,
      singular: '',
      kind,
      namespaced: own.namespaced,
      verbs: [...verbs],
      shortNames: [],
      categories: [],
      responseKind: group === own.group && version === own.version ? {} : { group, version },
    }));
    return [parent, ...below];
  });
}

describe('builtInResources', () => {
  it('has every resource of a real server, in its order', () => {
    expect(rows.length).toBe(113);
    expect(discoveryRows()).toEqual(rows);
  });

  it('has a type for the kind of every resource and subresource', () => {
    for (const resource of builtInResources()) {
      expect(typeForKind(apiVersionOf(resource), resource.kind)?.goName, resource.plural).toBe(resource.kind);
      for (const each of resource.subresourceInfos) {
        expect(typeForKind(apiVersionOf(each), each.kind)?.goName, each.name).toBe(each.kind);
      }
      if (resource.verbs.includes('list')) {
        const list = `${resource.kind}List`;
        expect(typeForKind(apiVersionOf(resource), list)?.goName).toBe(list);
      }
    }
  });
});

describe('groupVersionOf', () => {
  it('is the other way round of apiVersionOf', () => {
    for (const apiVersion of ['v1', 'apps/v1', 'stable.example.com/v1beta1']) {
      expect(apiVersionOf(groupVersionOf(apiVersion))).toBe(apiVersion);
    }
    expect(groupVersionOf('v1')).toEqual({ group: '', version: 'v1' });
  });
});
