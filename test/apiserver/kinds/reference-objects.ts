import { readFileSync } from 'node:fs';
import type { JsonValue } from '../../../src/model/json-value.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import type { ResourceInfo } from '../../../src/model/schema/resource-info.ts';
import type { TableColumn } from '../../../src/model/table.ts';

/** What a kube-apiserver 1.36 made of an object that was posted to it. */
export interface ReferenceObject {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  input: KubeObject;
  object: KubeObject;
  tableCells: JsonValue[];
}

function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/reference/${name}`, import.meta.url), 'utf8')) as T;
}

export const referenceObjects = fixture<ReferenceObject[]>('stored-objects.json');
export const referenceColumns = fixture<Record<string, TableColumn[]>>('table-columns.json');

type Discovered = Omit<ResourceInfo, 'subresources'> & { subresources?: string[] };

const discovered = fixture<Discovered[]>('resources.json');

/** A resource as the reference server's discovery tells it. */
export function resourceInfo(group: string, version: string, plural: string): ResourceInfo {
  const found = discovered.find((each) => each.group === group && each.version === version && each.plural === plural);
  if (found === undefined) throw new Error(`no resource ${group}/${version}/${plural}`);
  const subresources = discovered
    .filter((each) => each.group === group && each.version === version && each.plural.startsWith(`${plural}/`))
    .map((each) => each.plural.slice(plural.length + 1));
  return { ...found, subresources: found.subresources ?? subresources };
}
