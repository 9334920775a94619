import { type FieldError, invalidValue } from '../../../model/field-error.ts';
import { type Fields, isSet, partOf, stringsIn, textIn } from '../fields.ts';
import { familyOf, type IPFamily } from '../ip-address.ts';
import { clusterIPsErrors } from './cluster-ips-errors.ts';
import { sameStrings } from './service-state.ts';

/** The families that the cluster gives addresses of. */
const CLUSTER_FAMILIES: readonly string[] = ['IPv4'];

/**
 * Fills ipFamilyPolicy and ipFamilies of a service that has addresses (initIPFamilyFields, on a cluster with IPv4 alone), and
 * answers what is wrong with what the client wrote; addresses are not allocated when something is.
 */
export function fillFamilies(object: Fields, old: Fields | undefined): FieldError[] {
  const spec = partOf(object, 'spec');
  const before = old === undefined ? undefined : partOf(old, 'spec');
  if (textIn(spec, 'type') === 'ExternalName') return [];
  fillPolicy(spec, before);
  const wrong = clusterIPsErrors(spec);
  if (wrong.length > 0) return wrong;
  if (before !== undefined) releaseSecond(spec, before);
  const errors = [...policyErrors(spec), ...inferFamilies(spec)];
  if (errors.length > 0) return errors;
  if (textIn(spec, 'clusterIP') === 'None' && Object.keys(partOf(spec, 'selector')).length === 0) {
    fillHeadlessFamilies(spec);
    return [];
  }
  const unknown = unknownFamilies(spec);
  if (unknown.length === 0 && stringsIn(spec, 'ipFamilies').length === 0) spec['ipFamilies'] = [CLUSTER_FAMILIES[0]];
  return unknown;
}

function fillPolicy(spec: Fields, before: Fields | undefined): void {
  if (isSet(spec, 'ipFamilyPolicy')) return;
  if (before !== undefined && isSet(before, 'ipFamilyPolicy')) spec['ipFamilyPolicy'] = before['ipFamilyPolicy'];
  else if (textIn(spec, 'clusterIP') === 'None' && Object.keys(partOf(spec, 'selector')).length === 0) {
    spec['ipFamilyPolicy'] = 'RequireDualStack';
  } else spec['ipFamilyPolicy'] = 'SingleStack';
}

/** A policy of one family releases what there was of a second. */
function releaseSecond(spec: Fields, before: Fields): void {
  if (textIn(spec, 'ipFamilyPolicy') !== 'SingleStack') return;
  for (const key of ['clusterIPs', 'ipFamilies']) {
    const list = stringsIn(spec, key);
    if (list.length > 1 && sameStrings(spec, before, key)) spec[key] = list.slice(0, 1);
  }
}

function policyErrors(spec: Fields): FieldError[] {
  if (textIn(spec, 'ipFamilyPolicy') !== 'SingleStack') return [];
  const wrong = (what: string) => {
    const detail = `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;
    return invalidValue('spec.ipFamilyPolicy', 'SingleStack', detail);
  };
  return [
    ...(stringsIn(spec, 'clusterIPs').length === 2 ? [wrong('cluster IPs')] : []),
    ...(stringsIn(spec, 'ipFamilies').length === 2 ? [wrong('IP families')] : []),
  ];
}

function inferFamilies(spec: Fields): FieldError[] {
  const addresses = stringsIn(spec, 'clusterIPs');
  const families: string[] = stringsIn(spec, 'ipFamilies');
  const errors: FieldError[] = [];
  for (const [index, address] of addresses.entries()) {
    if (address === 'None') break;
    const family: IPFamily | undefined = familyOf(address);
    if (index < families.length || family === undefined) continue;
    if (CLUSTER_FAMILIES.includes(family)) families.push(family);
    else {
      errors.push(invalidValue(`spec.clusterIPs[${index}]`, addresses, `${family} is not configured on this cluster`));
    }
  }
  if (families.length > 0) spec['ipFamilies'] = families;
  return errors;
}

/** A headless service without a selector may have endpoints of any family. */
function fillHeadlessFamilies(spec: Fields): void {
  const families = stringsIn(spec, 'ipFamilies');
  if (families.length === 0) families.push(CLUSTER_FAMILIES[0] ?? 'IPv4');
  if (families.length < 2 && textIn(spec, 'ipFamilyPolicy') !== 'SingleStack') {
    families.push(families[0] === 'IPv4' ? 'IPv6' : 'IPv4');
  }
  spec['ipFamilies'] = families;
}

function unknownFamilies(spec: Fields): FieldError[] {
  const errors: FieldError[] = [];
  if (textIn(spec, 'ipFamilyPolicy') === 'RequireDualStack') {
    const detail = 'this cluster is not configured for dual-stack services';
    errors.push(invalidValue('spec.ipFamilyPolicy', 'RequireDualStack', detail));
  }
  for (const [index, family] of stringsIn(spec, 'ipFamilies').entries()) {
    if (CLUSTER_FAMILIES.includes(family)) continue;
    errors.push(invalidValue(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster'));
  }
  return errors;
}
