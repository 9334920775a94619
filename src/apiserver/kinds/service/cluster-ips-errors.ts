import { duplicate, type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { type Fields, isSet, stringsIn, textIn } from '../fields.ts';
import { addressErrors, familyOf } from '../ip-address.ts';
import { isHeadless } from './service-state.ts';

const FAMILIES = ['IPv4', 'IPv6'];
const POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const FIELD = 'spec.clusterIPs';

/** What is wrong with the addresses and families of a service (ValidateServiceClusterIPsRelatedFields). */
export function clusterIPsErrors(spec: Fields): FieldError[] {
  if (textIn(spec, 'type') === 'ExternalName') return [];
  const addresses = stringsIn(spec, 'clusterIPs');
  const errors = [...linkErrors(textIn(spec, 'clusterIP'), addresses), ...familyErrors(spec)];
  let wrong = false;
  for (const [index, address] of addresses.entries()) {
    if (index === 0 && address === 'None') {
      if (addresses.length === 1) continue;
      wrong = true;
      errors.push(invalidValue(FIELD, addresses, "'None' must be the first and only value"));
      continue;
    }
    const invalid = addressErrors(`${FIELD}[${index}]`, address);
    wrong ||= invalid.length > 0;
    errors.push(...invalid);
  }
  if (addresses.length > 2) errors.push(invalidValue(FIELD, addresses, 'may only hold up to 2 values'));
  return wrong ? errors : [...errors, ...stackErrors(spec, addresses)];
}

function linkErrors(single: string, addresses: readonly string[]): FieldError[] {
  if (single === '') {
    return addresses.length === 0
      ? []
      : [invalidValue(FIELD, addresses, 'must be empty when `clusterIP` is not specified')];
  }
  if (addresses.length === 0) return [required(FIELD)];
  return addresses[0] === single ? [] : [invalidValue(FIELD, addresses, 'first value must match `clusterIP`')];
}

function familyErrors(spec: Fields): FieldError[] {
  const families = stringsIn(spec, 'ipFamilies');
  const errors = families.flatMap((family, index) => [
    ...(FAMILIES.includes(family) ? [] : [notSupported(`spec.ipFamilies[${index}]`, family, FAMILIES)]),
    ...(families.indexOf(family) < index ? [duplicate(`spec.ipFamilies[${index}]`, family)] : []),
  ]);
  const policy = textIn(spec, 'ipFamilyPolicy');
  if (!isSet(spec, 'ipFamilyPolicy') || POLICIES.includes(policy)) return errors;
  return [...errors, notSupported('spec.ipFamilyPolicy', policy, POLICIES)];
}

function stackErrors(spec: Fields, addresses: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  if (addresses.length > 1 && new Set(addresses.map(familyOf)).size < 2) {
    errors.push(invalidValue(FIELD, addresses, 'may specify no more than one IP for each IP family'));
  }
  if (isHeadless(spec)) return errors;
  const families = stringsIn(spec, 'ipFamilies');
  for (const [index, address] of addresses.entries()) {
    const family = families[index];
    if (family === undefined || family === familyOf(address)) continue;
    const detail = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    if (FAMILIES.includes(family)) errors.push(invalidValue(`${FIELD}[${index}]`, address, detail));
  }
  return errors;
}

/** What an update may not change of the addresses (validateUpgradeDowngradeClusterIPs). */
export function clusterIPsChanges(spec: Fields, before: Fields): FieldError[] {
  if ([spec, before].some((each) => textIn(each, 'type') === 'ExternalName')) return [];
  if (isHeadless(spec) && isHeadless(before)) return [];
  const now = stringsIn(spec, 'clusterIPs');
  const had = stringsIn(before, 'clusterIPs');
  const changed = (index: number) => invalidValue(`${FIELD}[${index}]`, now, 'may not change once set');
  if (now.length === had.length) {
    return had.flatMap((address, index) => (address === now[index] ? [] : [changed(index)]));
  }
  if (now.length > had.length) return had.length > 0 && now[0] !== had[0] ? [changed(0)] : [];
  const errors: FieldError[] = [];
  if (now.length === 0) errors.push(invalidValue(`${FIELD}[0]`, now, 'primary clusterIP can not be unset'));
  else if (now[0] !== had[0]) errors.push(changed(0));
  if (now.length === 1 && textIn(spec, 'ipFamilyPolicy') !== 'SingleStack') {
    const detail = "must be set to 'SingleStack' when releasing the secondary clusterIP";
    errors.push(invalidValue('spec.ipFamilyPolicy', spec['ipFamilyPolicy'] ?? null, detail));
  }
  return errors;
}

/** What an update may not change of the families (validateUpgradeDowngradeIPFamilies). */
export function familyChanges(spec: Fields, before: Fields): FieldError[] {
  if ([spec, before].some((each) => textIn(each, 'type') === 'ExternalName')) return [];
  if (isHeadless(spec) || isHeadless(before)) return [];
  const now = stringsIn(spec, 'ipFamilies');
  const had = stringsIn(before, 'ipFamilies');
  const field = 'spec.ipFamilies[0]';
  const changed = () => invalidValue(field, now, 'may not change once set');
  if (now.length === had.length) return had.flatMap((family, index) => (family === now[index] ? [] : [changed()]));
  const errors = now.length > 0 && had.length > 0 && now[0] !== had[0] ? [changed()] : [];
  if (had.length < now.length || now.length !== 1 || textIn(spec, 'ipFamilyPolicy') === 'SingleStack') return errors;
  const detail = "must be set to 'SingleStack' when releasing the secondary ipFamily";
  return [...errors, invalidValue('spec.ipFamilyPolicy', spec['ipFamilyPolicy'] ?? null, detail)];
}
