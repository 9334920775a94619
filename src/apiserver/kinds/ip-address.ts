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

/** Addresses that are no good as an endpoint: unspecified, loopback, link-local (ValidateNonSpecialIP). */
export function specialAddressErrors(field: string, address: string): FieldError[] {
  const wrong = (detail: string) => [invalidValue(field, address, detail)];
  const family = familyOf(address);
  if (family === undefined) return wrong('must be a valid IP address');
  const bytes = family === 'IPv4' ? withoutLeadingZeros(address).split('.').map(Number) : undefined;
  const six = family === 'IPv6' ? expand(address) : '';
  const [first = -1, second = -1, third = -1] = bytes ?? [];
  if (six === '0'.repeat(32) || (bytes !== undefined && bytes.every((byte) => byte === 0))) {
    return wrong(`may not be unspecified (${address})`);
  }
  if (first === 127 || six === `${'0'.repeat(31)}1`) {
    return wrong('may not be in the loopback range (127.0.0.0/8, ::1/128)');
  }
  if ((first === 169 && second === 254) || /^fe[89ab]/.test(six)) {
    return wrong('may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  }
  if ((first === 224 && second === 0 && third === 0) || /^ff.2/.test(six)) {
    return wrong('may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
  }
  return [];
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
