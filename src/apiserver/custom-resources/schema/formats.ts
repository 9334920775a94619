import { isIPv4, isIPv6 } from 'node:net';
import { isKubernetesDate, isKubernetesDateTime, parseSchemaDuration } from './time-formats.ts';

/** Whether a text has a format. */
type FormatTest = (text: string) => boolean;

const HEX = '[0-9a-fA-F]';
const uuid = (version: string, variant: string): FormatTest => {
  const pattern = new RegExp(`^${HEX}{8}-?${HEX}{4}-?${version}${HEX}{3}-?${variant}${HEX}{3}-?${HEX}{12}$`);
  return (text) => pattern.test(text);
};

/** The formats of strings that kube-apiserver 1.36 checks (strfmt's registry), their names without dashes. */
const STRING_FORMATS: Readonly<Record<string, FormatTest>> = {
  bsonobjectid: (text) => /^[0-9a-fA-F]{24}$/.test(text),
  uri: isRequestUri,
  email: isEmail,
  hostname: isHostname,
  ipv4: (text) => isIPv4(withoutLeadingZeros(text)),
  ipv6: (text) => isIPv6(text) && !text.includes('%'),
  cidr: isCidr,
  mac: isMac,
  uuid: uuid(HEX, HEX),
  uuid3: uuid('3', HEX),
  uuid4: uuid('4', '[89abAB]'),
  uuid5: uuid('5', '[89abAB]'),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  rgbcolor: isRgbColor,
  byte: isBase64,
  password: () => true,
  date: isKubernetesDate,
  duration: (text) => parseSchemaDuration(text) !== undefined,
  datetime: isKubernetesDateTime,
  k8sshortname: (text) => text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text),
  k8slongname: (text) =>
    text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text),
};

const NUMBER_FORMATS: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

/** The format that values of a type are checked for; '' for one that is not known and therefore ignored. */
export function checkedFormat(type: string, format: string): string {
  if (format === '') return '';
  if (type === '' || type === 'string') return Object.hasOwn(STRING_FORMATS, normalized(format)) ? format : '';
  return NUMBER_FORMATS[type]?.includes(format) === true ? format : '';
}

/** Whether a text has a string format; true for a format that is not known. */
export function hasFormat(format: string, text: string): boolean {
  return STRING_FORMATS[normalized(format)]?.(text) ?? true;
}

function normalized(format: string): string {
  return format.replaceAll('-', '');
}

function withoutLeadingZeros(address: string): string {
  return address.replaceAll(/(^|\.)0+(?=\d)/g, '$1');
}

function isRequestUri(text: string): boolean {
  if (/[\s\p{Cc}]/u.test(text) || /%(?![0-9a-fA-F]{2})/.test(text)) return false;
  if (text.startsWith('/')) return true;
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:./.test(text)) return false;
  const [, authority] = /^[^:]*:\/\/([^/?#]*)/.exec(text) ?? [];
  return authority === undefined || /^([^@]*@)?(\[[^\]]*\]|[^:]*)(:\d*)?$/.test(authority);
}

/** What stands in the angle brackets of `Name <address>`; the text itself where there is no such form. */
function bareAddress(text: string): string {
  const open = text.indexOf('<');
  const name = text.slice(0, Math.max(open, 0));
  const address = text.slice(open + 1, -1);
  if (open < 0 || !text.endsWith('>') || address === '' || /[<>]/.test(address)) return text;
  if (name === '') return address;
  // Not one expression for all: spaces could be taken by two of its parts, in all combinations.
  return name.trimEnd() !== name && /^"?[^"<>]*"?$/.test(name.trimEnd()) ? address : text;
}

function isEmail(text: string): boolean {
  const address = bareAddress(text);
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (at <= 0) return false;
  const atom = '[^\\s()<>\\[\\]:;@\\\\,."]+';
  const isLocal = new RegExp(`^(${atom}(\\.${atom})*|"([^"\\\\]|\\\\.)*")$`).test(local);
  return isLocal && new RegExp(`^(${atom}(\\.${atom})*|\\[[^\\s\\[\\]]+\\])$`).test(domain);
}

const HOST_CHARACTER = '[a-zA-Z0-9\\p{S}\\p{L}]';
const HOST_LABEL = new RegExp(`^${HOST_CHARACTER}(-?${HOST_CHARACTER}{0,62})$`, 'u');
const HOST_INNER = new RegExp(`^${HOST_CHARACTER}((-|${HOST_CHARACTER}){0,61}${HOST_CHARACTER})?$`, 'u');

function isHostname(text: string): boolean {
  if (Buffer.byteLength(text) > 255) return false;
  const labels = text.split('.');
  if (labels.some((label) => Buffer.byteLength(label) > 63)) return false;
  if (labels.length === 1) return HOST_LABEL.test(text);
  const top = labels.pop() ?? '';
  return /^[a-zA-Z\p{L}]{2,63}$/u.test(top) && labels.every((label) => HOST_INNER.test(label));
}

function isCidr(text: string): boolean {
  const [, address = '', length = ''] = /^([^/]*)\/(\d{1,3})$/.exec(text) ?? [];
  if (isIPv4(withoutLeadingZeros(address))) return Number(length) <= 32;
  return isIPv6(address) && !address.includes('%') && Number(length) <= 128;
}

function isMac(text: string): boolean {
  const lengths = [6, 8, 20];
  const separated = (separator: string, digits: number): boolean => {
    const groups = text.split(separator);
    const good = groups.every((group) => new RegExp(`^${HEX}{${digits}}$`).test(group));
    return good && lengths.includes((groups.length * digits) / 2);
  };
  return separated(':', 2) || separated('-', 2) || separated('.', 4);
}

function isIsbn10(text: string): boolean {
  const digits = text.replaceAll(/[\s-]/g, '');
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  const sum = Array.from(digits).reduce((total, digit, index) => {
    return total + (digit === 'X' ? 10 : Number(digit)) * (index + 1);
  }, 0);
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replaceAll(/[\s-]/g, '');
  if (!/^\d{13}$/.test(digits)) return false;
  const sum = Array.from(digits).reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

function isCreditCard(text: string): boolean {
  const digits = text.replaceAll(/\D+/g, '');
  if (
    !/^(4\d{12}(\d{3})?|5[1-5]\d{14}|(222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|6(011|5\d\d)\d{12}|3[47]\d{13}|3(0[0-5]|[68]\d)\d{11}|(2131|1800|35\d{3})\d{11})$/.test(
      digits,
    )
  ) {
    return false;
  }
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, index) => {
      const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
}

function isRgbColor(text: string): boolean {
  const part = '\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*';
  return new RegExp(`^rgb\\(${part},${part},${part}\\)$`).test(text);
}

function isBase64(text: string): boolean {
  return /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.test(text);
}
