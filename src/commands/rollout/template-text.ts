import type { JsonObject } from '../../model/json-value.ts';
import { Description } from '../../printers/describe/description.ts';
import { writePodTemplate } from '../../printers/describe/pod-template.ts';

/** A pod template in words, its columns separated by tabs that nobody aligns, as kubectl prints it in a history. */
export function templateText(template: JsonObject): string {
  const sink = { text: '' };
  writePodTemplate(new Description(sink), template);
  return sink.text.replaceAll('\f', '\n');
}
