/**
 * The rules for names of k8s.io/apimachinery (util/validation and api/validate/content of 1.36). Each returns what is wrong
 * with a value, in apimachinery's words, and nothing for a good one. Lengths are in bytes, though some say "characters".
 */

const DNS_1123_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_1123_SUBDOMAIN = `${DNS_1123_LABEL}(\\.${DNS_1123_LABEL})*`;
const DNS_1035_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?';
const LABEL_KEY = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const LONGEST_LABEL = 63;
const LONGEST_SUBDOMAIN = 253;

/** A pattern and what is said of a text that does not match it. */
interface Rule {
  readonly pattern: RegExp;
  readonly message: string;
}

function rule(what: string, pattern: string, examples: readonly string[]): Rule {
  return { pattern: new RegExp(`^(?:${pattern})$`), message: regexMessage(what, pattern, examples) };
}

/** How apimachinery says that a text does not match a pattern (RegexError). */
export function regexMessage(what: string, pattern: string, examples: readonly string[]): string {
  const used = `regex used for validation is '${pattern}')`;
  if (examples.length === 0) return `${what} (${used}`;
  return `${what} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}${used}`;
}

const LABEL_RULE = rule(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  DNS_1123_LABEL,
  ['my-name', '123-abc'],
);
const SUBDOMAIN_RULE = rule(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  DNS_1123_SUBDOMAIN,
  ['example.com'],
);
const LABEL_1035_RULE = rule(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  DNS_1035_LABEL,
  ['my-name', 'abc-123'],
);
const WILDCARD_RULE = rule(
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  `\\*\\.${DNS_1123_SUBDOMAIN}`,
  ['*.example.com'],
);
const LABEL_KEY_RULE = rule(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  LABEL_KEY,
  ['MyName', 'my.name', '123-abc'],
);
const LABEL_VALUE_RULE = rule(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  `(${LABEL_KEY})?`,
  ['MyValue', 'my_value', '12345'],
);
const CONFIG_MAP_KEY_RULE = rule(
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  '[-._a-zA-Z0-9]+',
  ['key.name', 'KEY_NAME', 'key-name'],
);
const ENV_VAR_RULE = rule(
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
  '[-._a-zA-Z][-._a-zA-Z0-9]*',
  ['my.env-name', 'MY_ENV.NAME', 'MyEnvName1'],
);
const C_IDENTIFIER_RULE = rule(
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  '[A-Za-z_][A-Za-z0-9_]*',
  ['my_name', 'MY_NAME', 'MyName'],
);
const PERCENT_RULE = rule("a valid percent string must be a numeric string followed by an ending '%'", '[0-9]+%', [
  '1%',
  '93%',
]);
const HTTP_HEADER_RULE = rule("a valid HTTP header must consist of alphanumeric characters or '-'", '[-A-Za-z0-9]+', [
  'X-Header-Name',
]);
const ENV_VAR_CHARACTERS = /^[ -<>-~]*$/;

function broken({ pattern, message }: Rule, value: string): string[] {
  return pattern.test(value) ? [] : [message];
}

function tooLong(value: string, most: number, unit: 'characters' | 'bytes'): string[] {
  return Buffer.byteLength(value) > most ? [`must be no more than ${most} ${unit}`] : [];
}

export function dns1123LabelMessages(value: string): string[] {
  const long = tooLong(value, LONGEST_LABEL, 'characters');
  if (LABEL_RULE.pattern.test(value)) return long;
  // A good subdomain that is no good label has dots.
  return [...long, SUBDOMAIN_RULE.pattern.test(value) ? 'must not contain dots' : LABEL_RULE.message];
}

export function dns1123SubdomainMessages(value: string): string[] {
  return [...tooLong(value, LONGEST_SUBDOMAIN, 'characters'), ...broken(SUBDOMAIN_RULE, value)];
}

export function dns1035LabelMessages(value: string): string[] {
  return [...tooLong(value, LONGEST_LABEL, 'characters'), ...broken(LABEL_1035_RULE, value)];
}

export function wildcardSubdomainMessages(value: string): string[] {
  return [...tooLong(value, LONGEST_SUBDOMAIN, 'characters'), ...broken(WILDCARD_RULE, value)];
}

/** Of a label's key, which is also the form of an annotation's key, a finalizer and other qualified names. */
export function qualifiedNameMessages(value: string): string[] {
  const parts = value.split('/');
  if (parts.length > 2) {
    return [
      `a valid label key ${LABEL_KEY_RULE.message} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const name = parts.at(-1) ?? '';
  const length = name === '' ? ['must be non-empty'] : tooLong(name, LONGEST_LABEL, 'bytes');
  const ofName = [...length, ...broken(LABEL_KEY_RULE, name)].map((message) => `name part ${message}`);
  return prefix === undefined ? ofName : [...prefixMessages(prefix), ...ofName];
}

function prefixMessages(prefix: string): string[] {
  if (prefix === '') return ['prefix part must be non-empty'];
  const messages = [...tooLong(prefix, LONGEST_SUBDOMAIN, 'bytes'), ...broken(SUBDOMAIN_RULE, prefix)];
  return messages.map((message) => `prefix part ${message}`);
}

export function labelValueMessages(value: string): string[] {
  return [...tooLong(value, LONGEST_LABEL, 'bytes'), ...broken(LABEL_VALUE_RULE, value)];
}

/** Of a key of a ConfigMap's or Secret's data. */
export function configMapKeyMessages(value: string): string[] {
  const long = tooLong(value, LONGEST_SUBDOMAIN, 'characters');
  return [...long, ...broken(CONFIG_MAP_KEY_RULE, value), ...folderMessages(value)];
}

/** Of an environment variable in kubectl's `--from-env-file` and `set env` (IsEnvVarName). */
export function envVarNameMessages(value: string): string[] {
  return [...broken(ENV_VAR_RULE, value), ...folderMessages(value)];
}

/** Of an environment variable in a container, as API servers check it since 1.34 (IsRelaxedEnvVarName). */
export function relaxedEnvVarNameMessages(value: string): string[] {
  if (value === '') return ['environment variable name must be non-empty'];
  const message = "a valid environment variable name must consist only of printable ASCII characters other than '='";
  return ENV_VAR_CHARACTERS.test(value) ? [] : [message];
}

/** What would lead out of a folder when it became a file's name. */
function folderMessages(value: string): string[] {
  if (value === '.' || value === '..') return [`must not be '${value}'`];
  return value.startsWith('..') ? ["must not start with '..'"] : [];
}

export function cIdentifierMessages(value: string): string[] {
  return broken(C_IDENTIFIER_RULE, value);
}

export function percentMessages(value: string): string[] {
  return broken(PERCENT_RULE, value);
}

export function httpHeaderNameMessages(value: string): string[] {
  return broken(HTTP_HEADER_RULE, value);
}

export function portNameMessages(value: string): string[] {
  const messages = tooLong(value, 15, 'characters');
  if (!/^[-a-z0-9]+$/.test(value)) {
    messages.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(value)) messages.push('must contain at least one letter (a-z)');
  if (value.includes('--')) messages.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) messages.push('must not begin or end with a hyphen');
  return messages;
}

export function portNumberMessages(value: number | bigint): string[] {
  return rangeMessages(value, 1, 65_535);
}

/** Of a number that must lie between two others. */
export function rangeMessages(value: number | bigint, least: number, most: number): string[] {
  return value >= least && value <= most ? [] : [`must be between ${least} and ${most}, inclusive`];
}

/** Of a Unix user or group id. */
export function unixIdMessages(value: number | bigint): string[] {
  return rangeMessages(value, 0, 2 ** 31 - 1);
}

/** Of a name that must be one segment of an API path and a storage key. */
export function pathSegmentNameMessages(value: string): string[] {
  return value === '.' || value === '..' ? [`may not be '${value}'`] : pathSegmentPrefixMessages(value);
}

/** Of the beginning of such a name. */
export function pathSegmentPrefixMessages(value: string): string[] {
  return ['/', '%'].filter((part) => value.includes(part)).map((part) => `may not contain '${part}'`);
}

/** A generateName as it is checked: its last dash counts as a letter, because something will follow it. */
export function maskTrailingDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
}
