/** Values that differ from run to run, and what stands for them. */
const MASKS: readonly [RegExp, string][] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/(Resource Version:\s+)\d+/g, '$1<rv>'],
  [/(resourceVersion"?: ")\d+"/g, '$1<rv>"'],
  [/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<date>'],
  [/(?<=[ (])(<unknown>|<invalid>|(\d+d)?(\d+h)?(\d+m)?\d+(\.\d+)?s|\d+m)(?=$|\s|\))/gm, '<age>'],
  [/\b10\.\d+\.\d+\.\d+\b/g, '<clusterip>'],
  [/\b3[0-2]\d{3}(?=\/(TCP|UDP))/g, '<nodeport>'],
  [/(nodePort"?: )3[0-2]\d{3}\b/g, '$1<nodeport>'],
  [/\/tmp\/[^\s:'"]*transcript-[A-Za-z0-9]+/g, '<dir>'],
  [/https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?/g, '<server>'],
  [/\b(kubectl(-[\d.]+)?|kube-lite)\b/g, '<cmd>'],
  [/(?<=-)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '<suffix>'],
];

/**
 * Output lines in the form in which two runs can be compared: run-dependent values masked, runs of blanks inside a line
 * counted as two (column widths follow the masked values), the causes of one error in any order.
 */
export function masked(lines: readonly string[]): string {
  let text = lines.map((line) => line.trimEnd()).join('\n');
  for (const [pattern, name] of MASKS) text = text.replace(pattern, name);
  const flat = text.split('\n').map((line) => line.replace(/(\S)\s{2,}/g, '$1  ').trimEnd());
  for (let start = 0; start < flat.length; start++) {
    let end = start;
    while (flat[end]?.startsWith('* ')) end++;
    if (end > start + 1) flat.splice(start, end - start, ...flat.slice(start, end).sort());
    if (end > start) start = end;
  }
  return flat.join('\n').replace(/\n+$/, '');
}
