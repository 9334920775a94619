import { isIPv4, isIPv6 } from 'node:net';
import { CelError } from '../cel-error.ts';
import type { FunctionTable } from './function-table.ts';

export const IP_TYPE = 'net.IP';
export const CIDR_TYPE = 'net.CIDR';
export const URL_TYPE = 'kubernetes.URL';

/** An address as a number of 32 or 128 bits. */
export class CelIp {
  readonly bits: bigint;
  readonly family: 4 | 6;
  readonly text: string;

  constructor(text: string) {
    if (!isAddress(text)) {
      throw new CelError(`IP Address ${JSON.stringify(text)} parse error during conversion from string`);
    }
    this.text = text;
    this.family = isIPv4(text) ? 4 : 6;
    this.bits = this.family === 4 ? bitsOf4(text) : bitsOf6(text);
  }

  get width(): number {
    return this.family === 4 ? 32 : 128;
  }

  inside(bits: bigint, length: number): boolean {
    const rest = BigInt(this.width - length);
    return this.bits >> rest === bits >> rest;
  }
}

/** A range of addresses. */
export class CelCidr {
  readonly address: CelIp;
  readonly length: number;

  constructor(text: string) {
    const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
    const known = isAddress(address) && Number(length) <= (isIPv4(address) ? 32 : 128);
    if (!known) {
      throw new CelError(`network address parse error during conversion from string: ${JSON.stringify(text)}`);
    }
    this.address = new CelIp(address);
    this.length = Number(length);
  }

  contains(ip: CelIp): boolean {
    return ip.family === this.address.family && ip.inside(this.address.bits, this.length);
  }
}

/** Kubernetes' functions of addresses, ranges and URLs. */
export const NETWORK_FUNCTIONS: FunctionTable = {
  [`ip(string): ${IP_TYPE}`]: (text: string) => new CelIp(text),
  'isIP(string): bool': isAddress,
  [`${IP_TYPE}.family(): int`]: (ip: CelIp) => BigInt(ip.family),
  [`${IP_TYPE}.isLoopback(): bool`]: (ip: CelIp) => (ip.family === 4 ? ip.inside(127n << 24n, 8) : ip.bits === 1n),
  [`${IP_TYPE}.isUnspecified(): bool`]: (ip: CelIp) => ip.bits === 0n,
  [`${IP_TYPE}.isLinkLocalUnicast(): bool`]: (ip: CelIp) =>
    ip.family === 4 ? ip.inside(0xa9fe_0000n, 16) : ip.inside(0xfe80n << 112n, 10),
  [`${IP_TYPE}.isLinkLocalMulticast(): bool`]: (ip: CelIp) =>
    ip.family === 4 ? ip.inside(0xe000_0000n, 24) : ip.bits >> 112n === 0xff02n,
  [`${IP_TYPE}.isGlobalUnicast(): bool`]: isGlobalUnicast,
  [`string(${IP_TYPE}): string`]: (ip: CelIp) => ip.text,
  [`cidr(string): ${CIDR_TYPE}`]: (text: string) => new CelCidr(text),
  'isCIDR(string): bool': isCidr,
  [`${CIDR_TYPE}.containsIP(string): bool`]: (cidr: CelCidr, ip: string) => cidr.contains(new CelIp(ip)),
  [`${CIDR_TYPE}.containsIP(${IP_TYPE}): bool`]: (cidr: CelCidr, ip: CelIp) => cidr.contains(ip),
  [`${CIDR_TYPE}.containsCIDR(string): bool`]: (cidr: CelCidr, other: string) => covers(cidr, new CelCidr(other)),
  [`${CIDR_TYPE}.containsCIDR(${CIDR_TYPE}): bool`]: covers,
  [`${CIDR_TYPE}.ip(): ${IP_TYPE}`]: (cidr: CelCidr) => cidr.address,
  [`${CIDR_TYPE}.prefixLength(): int`]: (cidr: CelCidr) => BigInt(cidr.length),
  [`string(${CIDR_TYPE}): string`]: (cidr: CelCidr) => `${cidr.address.text}/${cidr.length}`,
  [`url(string): ${URL_TYPE}`]: (text: string) => urlOf(text),
  'isURL(string): bool': (text: string) => parsedUrl(text) !== undefined,
  [`${URL_TYPE}.getScheme(): string`]: (url: URL) => url.protocol.replace(/:$/, ''),
  [`${URL_TYPE}.getHost(): string`]: (url: URL) => url.host,
  [`${URL_TYPE}.getHostname(): string`]: (url: URL) => url.hostname.replace(/^\[|\]$/g, ''),
  [`${URL_TYPE}.getPort(): string`]: (url: URL) => url.port,
  [`${URL_TYPE}.getEscapedPath(): string`]: (url: URL) => url.pathname,
  [`${URL_TYPE}.getQuery(): map<string, list<string>>`]: (url: URL) => {
    const query = new Map<string, string[]>();
    for (const [key, value] of url.searchParams) query.set(key, [...(query.get(key) ?? []), value]);
    return query;
  },
};

function isAddress(text: string): boolean {
  return isIPv4(text) || (isIPv6(text) && !text.includes('%') && !/^::ffff:/i.test(text));
}

function isCidr(text: string): boolean {
  try {
    return new CelCidr(text).length >= 0;
  } catch (error) {
    if (error instanceof CelError) return false;
    throw error;
  }
}

function covers(cidr: CelCidr, other: CelCidr): boolean {
  return other.length >= cidr.length && cidr.contains(other.address);
}

function isGlobalUnicast(ip: CelIp): boolean {
  if (ip.bits === 0n) return false;
  if (ip.family === 4) {
    const loopback = ip.inside(127n << 24n, 8) || ip.inside(0xa9fe_0000n, 16);
    return !loopback && !ip.inside(0xe000_0000n, 4) && ip.bits !== 0xffff_ffffn;
  }
  return ip.bits !== 1n && !ip.inside(0xfe80n << 112n, 10) && !ip.inside(0xffn << 120n, 8);
}

function bitsOf4(text: string): bigint {
  return text.split('.').reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
}

function bitsOf6(text: string): bigint {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const low = dotted === null ? 0n : bitsOf4(dotted[2] ?? '');
  const hex = dotted === null ? text : `${dotted[1] ?? ''}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  const [head = '', tail] = hex.split('::');
  const groups = (part: string): string[] => part.split(':').filter((group) => group !== '');
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

function parsedUrl(text: string): URL | undefined {
  if (!text.startsWith('/') && !/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text)) return undefined;
  const absolute = text.startsWith('/') ? `path:${text}` : text;
  return URL.canParse(absolute) ? new URL(absolute) : undefined;
}

function urlOf(text: string): URL {
  const url = parsedUrl(text);
  if (url === undefined) throw new CelError(`URL parse error during conversion from string: ${JSON.stringify(text)}`);
  return url;
}
