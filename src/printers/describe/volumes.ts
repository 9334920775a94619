import type { Description } from './description.ts';
import { type Fields, has, objectsAt, textAt, valueAt } from './fields.ts';
import { podVolumeSources, type VolumeSource } from './volume-sources.ts';

/** The volumes of a pod's spec. */
export function writeVolumes(out: Description, spec: unknown, space: string): void {
  const volumes = objectsAt(spec, 'volumes');
  out.write(0, `${space}Volumes:${volumes.length === 0 ? '\t<none>' : ''}\n`);
  for (const volume of volumes) {
    out.line(1, `${space === '' ? '' : ' '}${textAt(volume, 'name')}:`);
    writeVolumeSource(out, volume, podVolumeSources);
  }
}

/** What is behind a volume: the first of the sources that it has. */
export function writeVolumeSource(out: Description, holder: unknown, sources: readonly VolumeSource[]): void {
  const source = sources.find(({ field }) => has(holder, field));
  if (source === undefined) {
    out.line(1, '<unknown>');
    return;
  }
  const value = valueAt(holder, source.field) as Fields;
  out.line(2, 'Type:', source.type);
  for (const { title, text } of source.rows ?? []) out.line(2, title, text(value));
  source.write?.(out, value);
}
