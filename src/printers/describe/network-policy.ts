import type { Describing } from './describer.ts';
import type { Description } from './description.ts';
import { type Fields, has, objectsAt, stringsAt, textAt } from './fields.ts';
import { writeLabelsAndAnnotations, writeNames } from './metadata-lines.ts';
import { selectorText } from './pod-placement.ts';
import { goTimeText } from './times.ts';

const INDENT = '    ';
/** How the two directions of traffic are written. */
const DIRECTIONS = [
  { type: 'Ingress', word: 'ingress', rules: 'spec.ingress', peers: 'from', title: 'From', what: 'source' },
  { type: 'Egress', word: 'egress', rules: 'spec.egress', peers: 'to', title: 'To', what: 'destination' },
] as const;

/** networking.k8s.io/v1 NetworkPolicy. */
export async function describeNetworkPolicy(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeNames(describing);
  out.line(0, 'Created on:', goTimeText(object.metadata.creationTimestamp));
  writeLabelsAndAnnotations(describing);
  out.line(0, 'Spec:');
  const selector = selectorText(object, 'spec.podSelector');
  out.write(1, 'PodSelector: ');
  out.line(
    2,
    selector === '<none>' ? '<none> (Allowing the specific traffic to all pods in this namespace)' : selector,
  );
  const types = stringsAt(object, 'spec.policyTypes');
  for (const direction of DIRECTIONS) {
    if (types.includes(direction.type)) {
      out.line(1, `Allowing ${direction.word} traffic:`);
      writeRules(out, objectsAt(object, direction.rules), direction);
    } else {
      out.line(1, `Not affecting ${direction.word} traffic`);
    }
  }
  out.line(1, `Policy Types: ${types.join(', ') || '<none>'}`);
}

function writeRules(out: Description, rules: readonly Fields[], direction: (typeof DIRECTIONS)[number]): void {
  const { word, peers: field, title, what } = direction;
  if (rules.length === 0) out.line(0, `${INDENT}<none> (Selected pods are isolated for ${word} connectivity)`);
  for (const [index, rule] of rules.entries()) {
    if (index > 0) out.line(0, `${INDENT}----------`);
    const ports = objectsAt(rule, 'ports');
    if (ports.length === 0) out.line(0, `${INDENT}To Port: <any> (traffic allowed to all ports)`);
    for (const port of ports) out.line(0, `${INDENT}${portText(port)}`);
    const peers = objectsAt(rule, field);
    if (peers.length === 0) out.line(0, `${INDENT}${title}: <any> (traffic not restricted by ${what})`);
    for (const peer of peers) {
      out.line(0, `${INDENT}${title}:`);
      writePeer(out, peer);
    }
  }
}

function portText(port: Fields): string {
  const number = textAt(port, 'port', '<nil>');
  const protocol = textAt(port, 'protocol', 'TCP');
  return has(port, 'endPort')
    ? `To Port Range: ${number}-${textAt(port, 'endPort')}/${protocol}`
    : `To Port: ${number}/${protocol}`;
}

function writePeer(out: Description, peer: Fields): void {
  const selectors = [
    ['NamespaceSelector', 'namespaceSelector'],
    ['PodSelector', 'podSelector'],
  ] as const;
  for (const [title, field] of selectors) {
    if (has(peer, field)) out.line(1, `${INDENT}${title}: ${selectorText(peer, field)}`);
  }
  if (!has(peer, 'ipBlock') || selectors.some(([, field]) => has(peer, field))) return;
  out.line(1, `${INDENT}IPBlock:`);
  out.line(2, `${INDENT}CIDR: ${textAt(peer, 'ipBlock.cidr')}`);
  out.line(2, `${INDENT}Except: ${stringsAt(peer, 'ipBlock.except').join(', ')}`);
}
