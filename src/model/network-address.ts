/** An IP address: 4 or 16 bytes, and what of its text strict parsers would refuse. */
interface ParsedAddress {
  readonly bytes: readonly number[];
  readonly leadingZeros: boolean;
  /** An IPv4 address written as IPv6 (`::ffff:1.2.3.4`); its bytes are 16. */
  readonly mapped: boolean;
}

/** What is wrong with an IP address, as apimachinery's IsValidIP says it: nothing for its canonical text. */
export function ipMessages(value: string): string[] {
  const address = parseAddress(value);
  const messages = addressMessages(address);
  if (address === undefined || messages.length > 0) return messages;
  const canonical = addressText(address.bytes);
  return value === canonical ? [] : [`must be in canonical form (${JSON.stringify(canonical)})`];
}

/** What is wrong with an IP address in an old field, which need not be canonical (IsValidIPForLegacyField, strict). */
export function legacyIpMessages(value: string): string[] {
  return addressMessages(parseAddress(value));
}

/** What is wrong with a CIDR, as IsValidCIDR says it: nothing for its canonical text. */
export function cidrMessages(value: string): string[] {
  const messages = legacyCidrMessages(value);
  const parts = splitCidr(value);
  if (parts === undefined || messages.length > 0) return messages;
  const canonical = `${addressText(parts.address.bytes)}/${parts.length}`;
  return value === canonical ? [] : [`must be in canonical form (${JSON.stringify(canonical)})`];
}

/** What is wrong with a CIDR in an old field, which need not be canonical (IsValidCIDRForLegacyField, strict). */
export function legacyCidrMessages(value: string): string[] {
  const parts = splitCidr(value);
  if (parts === undefined) return ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'];
  if (parts.address.leadingZeros || /^0\d/.test(parts.digits)) {
    return ['must not have leading 0s in IP or prefix length'];
  }
  if (parts.address.mapped) return ['must not have an IPv4-mapped IPv6 address'];
  return hasBitsBeyond(parts.address.bytes, parts.length) ? ['must not have bits set beyond the prefix length'] : [];
}

function addressMessages(address: ParsedAddress | undefined): string[] {
  if (address === undefined) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
  const messages = address.leadingZeros ? ['must not have leading 0s'] : [];
  return address.mapped && !address.leadingZeros ? ['must not be an IPv4-mapped IPv6 address'] : messages;
}

function splitCidr(value: string): { address: ParsedAddress; length: number; digits: string } | undefined {
  const slash = value.indexOf('/');
  if (slash === -1) return undefined;
  const address = parseAddress(value.slice(0, slash));
  const digits = value.slice(slash + 1);
  if (address === undefined || !/^\d+$/.test(digits)) return undefined;
  const length = Number(digits);
  return length <= address.bytes.length * 8 ? { address, length, digits } : undefined;
}

function hasBitsBeyond(bytes: readonly number[], length: number): boolean {
  return bytes.some((byte, index) => {
    const kept = Math.min(8, Math.max(0, length - index * 8));
    return (byte & (0xff >> kept)) !== 0;
  });
}

function parseAddress(text: string): ParsedAddress | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): ParsedAddress | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part) && Number(part) <= 255)) return undefined;
  return { bytes: parts.map(Number), leadingZeros: parts.some((part) => /^0\d/.test(part)), mapped: false };
}

function parseIpv6(text: string): ParsedAddress | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : { bytes: [], leadingZeros: false };
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.bytes.length - tail.bytes.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  const bytes = [...head.bytes, ...Array.from({ length: missing }, () => 0), ...tail.bytes];
  return { bytes, leadingZeros: head.leadingZeros || tail.leadingZeros, mapped: isMapped(bytes) };
}

/** The bytes of groups between colons, the last of which may be an IPv4 address when `last` says so. */
function groupsOf(text: string, last: boolean): { bytes: number[]; leadingZeros: boolean } | undefined {
  if (text === '') return { bytes: [], leadingZeros: false };
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (last && index === groups.length - 1 && group.includes('.')) {
      const ipv4 = parseIpv4(group);
      return ipv4 === undefined ? undefined : { bytes: [...bytes, ...ipv4.bytes], leadingZeros: ipv4.leadingZeros };
    }
    if (!/^[\da-fA-F]{1,4}$/.test(group)) return undefined;
    const number = Number.parseInt(group, 16);
    bytes.push(number >> 8, number & 0xff);
  }
  return { bytes, leadingZeros: false };
}

function isMapped(bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => (index < 10 ? byte === 0 : index >= 12 || byte === 0xff));
}

/** The canonical text (RFC 5952 for IPv6), as Go's net.IP prints it. */
function addressText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0));
  const run = longestZeroRun(groups);
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (run.length < 2) return text(groups);
  return `${text(groups.slice(0, run.start))}::${text(groups.slice(run.start + run.length))}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index - start + 1 > longest.length) longest = { start, length: index - start + 1 };
  }
  return longest;
}
