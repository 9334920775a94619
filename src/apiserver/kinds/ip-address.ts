import { isIPv4, isIPv6 } from 'node:net';
import { type FieldError, invalidValue } from '../../model/field-error.ts';

export type IPFamily = 'IPv4' | 'IPv6';

/** The family of an address; undefined for what is no address. Leading zeros are read as decimal, as Kubernetes does. */
export function familyOf(address: string): IPFamily | undefined {
  if (isIPv4(withoutLeadingZeros(address))) return 'IPv4';
  return isIPv6(address) && !address.includes('%') ? 'IPv6' : undefined;
}

function withoutLeadingZeros(address: string): string {
  return address.replaceAll(/(^|\.)0+(?=\d)/g, '$1');
}

export function addressErrors(field: string, address: string): FieldError[] {
  if (familyOf(address) !== undefined) return [];
  return [invalidValue(field, address, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];
}

export function cidrErrors(field: string, cidr: string): FieldError[] {
  if (familyOfCidr(cidr) !== undefined) return [];
  return [invalidValue(field, cidr, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
}

export function familyOfCidr(cidr: string): IPFamily | undefined {
  const [, address = '', length = ''] = /^([^/]*)\/(\d{1,3})$/.exec(cidr) ?? [];
  const family = familyOf(address);
  if (family === undefined) return undefined;
  return Number(length) <= (family === 'IPv4' ? 32 : 128) ? family : undefined;
}

/** Addresses that are no good as an endpoint, as hexadecimal digits; IPv4 ones are 8 digits long. */
const SPECIAL: readonly (readonly [RegExp, string])[] = [
  [/^(7f.{6}|0{31}1)$/, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  [/^(a9fe.{4}|fe[89ab].{29})$/, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  [/^(e00000..|ff.2.{28})$/, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
];

/** An address that is unspecified, loopback or link-local (ValidateNonSpecialIP). */
export function specialAddressErrors(field: string, address: string): FieldError[] {
  const family = familyOf(address);
  if (family === undefined) return [invalidValue(field, address, 'must be a valid IP address')];
  const digits = family === 'IPv4' ? hexDigits(address) : expand(address);
  if (/^0+$/.test(digits)) return [invalidValue(field, address, `may not be unspecified (${address})`)];
  const found = SPECIAL.find(([pattern]) => pattern.test(digits));
  return found === undefined ? [] : [invalidValue(field, address, found[1])];
}

function hexDigits(address: string): string {
  const bytes = withoutLeadingZeros(address).split('.');
  return bytes.map((byte) => Number(byte).toString(16).padStart(2, '0')).join('');
}

/** An IPv6 address as its 32 hexadecimal digits. */
function expand(address: string): string {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex = (a: string | undefined, b: string | undefined) => ((Number(a) << 8) | Number(b)).toString(16);
  const text = dotted === null ? address : `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}`;
  const [head = '', tail] = text.toLowerCase().split('::');
  const groups = (part: string) => part.split(':').filter((group) => group !== '');
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: missing }, () => '0'), ...right]
    .map((group) => group.padStart(4, '0'))
    .join('');
}
