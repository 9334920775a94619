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

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/reference/${name}`, import.meta.url), 'utf8'));
}

export const referenceObjects = fixture('stored-objects.json') as ReferenceObject[];
export const referenceColumns = fixture('table-columns.json') as Record<string, TableColumn[]>;

const discovered = fixture('resources.json') as Omit<ResourceInfo, 'subresources'>[];

/** A resource as the reference server's discovery tells it. */
export function resourceInfo(group: string, version: string, plural: string): ResourceInfo {
  const ofGroup = discovered.filter((each) => each.group === group && each.version === version);
  const found = ofGroup.find((each) => each.plural === plural);
  if (found === undefined) throw new Error(`no resource ${group}/${version}/${plural}`);
  const below = ofGroup.filter((each) => each.plural.startsWith(`${plural}/`));
  return { ...found, subresources: below.map((each) => each.plural.slice(plural.length + 1)) };
}
