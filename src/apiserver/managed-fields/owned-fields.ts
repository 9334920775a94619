import type { ServedResource } from '../served-resource.ts';
import type { FieldSet } from './field-set.ts';
import type { PathElement } from './path-element.ts';

/** Metadata that belongs to the server, or is not a client's to own. */
const STRIPPED: readonly (readonly PathElement[])[] = [
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ['f:metadata', 'f:name'],
  ['f:metadata', 'f:namespace'],
  ['f:metadata', 'f:creationTimestamp'],
  ['f:metadata', 'f:selfLink'],
  ['f:metadata', 'f:uid'],
  ['f:metadata', 'f:clusterName'],
  ['f:metadata', 'f:generation'],
  ['f:metadata', 'f:managedFields'],
  ['f:metadata', 'f:resourceVersion'],
];

/** What else a kind's own strategy resets on every write, so that nobody owns it (its GetResetFields). */
const RESET: Readonly<Record<string, readonly (readonly PathElement[])[]>> = {
  'certificatesigningrequests.certificates.k8s.io': [['f:spec']],
};

/** Takes out what the server says of an object itself. */
export function withoutServerFields(fields: FieldSet): FieldSet {
  const result = fields.copy();
  for (const path of STRIPPED) result.remove(path);
  return result;
}

/** Only what a write to this part of the object can change. */
export function writableFields(
  fields: FieldSet,
  { info, strategy }: Pick<ServedResource, 'info' | 'strategy'>,
  subresource: string,
): FieldSet {
  if (subresource === 'status') return fields.only('f:status');
  const result = fields.copy();
  if (strategy.hasStatus) result.removeBelow(['f:status']);
  for (const path of RESET[`${info.plural}.${info.group}`] ?? []) result.removeBelow(path);
  return result;
}
