import { compareBytes } from '../../model/byte-order.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { Description } from './description.ts';
import { mapAt, sortedEntries } from './fields.ts';

const LONGEST = 140;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Name, and Namespace for a kind that has one. */
export function writeName({ object, out }: { object: KubeObject; out: Description }): void {
  out.line(0, 'Name:', object.metadata.name ?? '');
}

/** Name and Namespace. */
export function writeNames(describing: { object: KubeObject; out: Description }): void {
  writeName(describing);
  describing.out.line(0, 'Namespace:', describing.object.metadata.namespace ?? '');
}

/** Labels and Annotations. */
export function writeLabelsAndAnnotations({ object, out }: { object: KubeObject; out: Description }): void {
  writeMap(out, 'Labels', mapAt(object, 'metadata.labels'));
  writeAnnotations(out, 'Annotations', mapAt(object, 'metadata.annotations'));
}

/** A map as `title:` with one `key=value` a line beside it. */
export function writeMap(out: Description, title: string, map: Readonly<Record<string, string>>, indent = ''): void {
  const lines = sortedEntries(map).map(([key, value]) => `${key}=${value}`);
  writeList(out, `${indent}${title}`, lines, { indent });
}

/** `title:` with one text a line beside it, or `<none>`. */
export function writeList(
  out: Description,
  title: string,
  lines: readonly string[],
  { indent = '', level = 0 } = {},
): void {
  out.write(level, `${title}:\t`);
  if (lines.length === 0) out.write(0, '<none>\n');
  for (const [index, line] of lines.entries()) {
    if (index > 0) {
      out.write(0, indent);
      out.write(level, '\t');
    }
    out.write(0, `${line}\n`);
  }
}

/** Annotations; long values and those of several lines stand below their keys. */
export function writeAnnotations(out: Description, title: string, annotations: Readonly<Record<string, string>>): void {
  const entries = sortedEntries(annotations).filter(([key]) => key !== LAST_APPLIED);
  out.write(0, `${title}:\t`);
  if (entries.length === 0) out.write(0, '<none>\n');
  for (const [index, [key, text]] of entries.entries()) {
    if (index > 0) out.write(0, '\t');
    const value = text.replace(/\n$/, '');
    if (Buffer.byteLength(value) + Buffer.byteLength(key) + 2 <= LONGEST && !value.includes('\n')) {
      out.write(0, `${key}: ${value}\n`);
      continue;
    }
    out.write(0, `${key}:\n`);
    for (const line of value.split('\n')) out.write(0, `\t  ${shortened(line, LONGEST - 2)}\n`);
  }
}

/** A text of more bytes than `most` cut there, with dots. */
export function shortened(text: string, most = LONGEST): string {
  const bytes = Buffer.from(text);
  return bytes.length > most ? `${bytes.subarray(0, most).toString('utf8')}...` : text;
}

/** A map in one line, `a=b,c=d`; `<none>` for an empty one (labels.FormatLabels). */
export function mapText(map: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(map).map(([key, value]) => `${key}=${value}`);
  return pairs.sort(compareBytes).join(',') || '<none>';
}

/** `KIND/NAME` of the controller that owns an object, if one does. */
export function writeController({ object, out }: { object: KubeObject; out: Description }): void {
  const controller = controllerOf(object);
  if (controller !== undefined) out.line(0, 'Controlled By:', `${controller.kind}/${controller.name}`);
}

/** The owner that controls an object. */
export function controllerOf(object: KubeObject): { kind: string; name: string; uid: string } | undefined {
  return (object.metadata.ownerReferences ?? []).find(({ controller }) => controller === true);
}

/** A list as Go prints it: `[a b]`. */
export function listText(values: readonly string[]): string {
  return `[${values.join(' ')}]`;
}
