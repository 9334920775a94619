import type { Description } from './description.ts';
import { type Fields, has, mapAt, objectAt, stringsAt, textAt } from './fields.ts';
import { writeAnnotations, writeMap } from './metadata-lines.ts';
import { quantityText } from './quantity-text.ts';

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';
const SHORT_MODES: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** The storage class of a volume or of a claim. */
export function storageClassOf(holder: unknown): string {
  const annotations = mapAt(holder, 'metadata.annotations');
  return Object.hasOwn(annotations, BETA_CLASS)
    ? (annotations[BETA_CLASS] ?? '')
    : textAt(holder, 'spec.storageClassName');
}

/** Access modes in short: `RWO,ROX`. */
export function accessModesText(modes: readonly string[]): string {
  return SHORT_MODES.filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

/** The claim template of an ephemeral volume. */
export function writeEphemeralClaim(out: Description, source: Fields): void {
  if (!has(source, 'volumeClaimTemplate')) return;
  const template = objectAt(source, 'volumeClaimTemplate');
  const inner = out.nested(2);
  inner.line(0, 'StorageClass:', storageClassOf(template));
  inner.line(0, 'Volume:', textAt(template, 'spec.volumeName'));
  writeMap(inner, 'Labels', mapAt(template, 'metadata.labels'));
  writeAnnotations(inner, 'Annotations', mapAt(template, 'metadata.annotations'));
  writeClaimSize(inner, template);
}

/** Capacity, access modes, volume mode and data source of a claim. A claim that is not bound has no capacity yet. */
export function writeClaimSize(out: Description, claim: unknown): void {
  const bound = textAt(claim, 'spec.volumeName') !== '';
  out.line(0, 'Capacity:', bound ? quantityText(mapAt(claim, 'status.capacity')['storage']) : '');
  out.line(0, 'Access Modes:', bound ? accessModesText(stringsAt(claim, 'status.accessModes')) : '');
  if (has(claim, 'spec.volumeMode')) out.line(0, 'VolumeMode:', textAt(claim, 'spec.volumeMode'));
  if (!has(claim, 'spec.dataSource')) return;
  out.line(0, 'DataSource:');
  if (has(claim, 'spec.dataSource.apiGroup')) out.line(1, 'APIGroup:', textAt(claim, 'spec.dataSource.apiGroup'));
  out.line(1, 'Kind:', textAt(claim, 'spec.dataSource.kind'));
  out.line(1, 'Name:', textAt(claim, 'spec.dataSource.name'));
}
