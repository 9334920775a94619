import {
  dns1123LabelMessages,
  dns1123SubdomainMessages,
  labelValueMessages,
  qualifiedNameMessages,
  maskTrailingDash,
} from '../../model/names.ts';

/** What is wrong with a value, in the words of apimachinery's util/validation; nothing when it is right. */
export type ValueRule = (value: string) => string[];

export const labelRule: ValueRule = dns1123LabelMessages;
export const subdomainRule: ValueRule = dns1123SubdomainMessages;
export const qualifiedNameRule: ValueRule = qualifiedNameMessages;
export const labelValueRule: ValueRule = labelValueMessages;

/** A name that is a DNS-1123 label (NameIsDNSLabel). */
export function labelName(name: string, prefix: boolean): string[] {
  return dns1123LabelMessages(prefix ? maskTrailingDash(name) : name);
}

/** A name that is a DNS-1123 subdomain (NameIsDNSSubdomain). */
export function subdomainName(name: string, prefix: boolean): string[] {
  return dns1123SubdomainMessages(prefix ? maskTrailingDash(name) : name);
}

const UNDERSCORE_LABEL = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';

export function underscoreSubdomainRule(value: string): string[] {
  const what =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
  const pattern = `${UNDERSCORE_LABEL}(\\.${UNDERSCORE_LABEL})*`;
  return [...longerThan(value, 253), ...patternErrors(value, pattern, what, ['example.com'])];
}

/** A key of a ConfigMap or Secret (IsConfigMapKey). */
export function configKeyRule(value: string): string[] {
  const what = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  const errors = [
    ...longerThan(value, 253),
    ...patternErrors(value, '[-._a-zA-Z0-9]+', what, ['key.name', 'KEY_NAME', 'key-name']),
  ];
  if (value === '.' || value === '..') errors.push(`must not be '${value}'`);
  else if (value.startsWith('..')) errors.push("must not start with '..'");
  return errors;
}

/** The name of an environment variable (IsRelaxedEnvVarName). */
export function variableNameRule(value: string): string[] {
  if (value === '') return ['environment variable name must be non-empty'];
  if (/^[\x20-\x3c\x3e-\x7e]*$/.test(value)) return [];
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

export function headerNameRule(value: string): string[] {
  const what = "a valid HTTP header must consist of alphanumeric characters or '-'";
  return patternErrors(value, '[-A-Za-z0-9]+', what, ['X-Header-Name']);
}

/** The name of a port (IsValidPortName). */
export function portNameRule(value: string): string[] {
  const errors = longerThan(value, 15);
  if (!/^[-a-z0-9]+$/.test(value)) {
    errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(value)) errors.push('must contain at least one letter (a-z)');
  if (value.includes('--')) errors.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
}

export function percentRule(value: string): string[] {
  const what = "a valid percent string must be a numeric string followed by an ending '%'";
  return patternErrors(value, '[0-9]+%', what, ['1%', '93%']);
}

export function portNumberErrors(value: number): string[] {
  return rangeErrors(value, 1, 65535);
}

/** A user or group id. */
export function identityErrors(value: number): string[] {
  return rangeErrors(value, 0, 2147483647);
}

export function rangeErrors(value: number, least: number, most: number): string[] {
  return value >= least && value <= most ? [] : [`must be between ${least} and ${most}, inclusive`];
}

function longerThan(value: string, most: number): string[] {
  return value.length > most ? [`must be no more than ${most} characters`] : [];
}

function patternErrors(value: string, pattern: string, what: string, examples: readonly string[]): string[] {
  if (new RegExp(`^(?:${pattern})$`).test(value)) return [];
  const list = examples.map((example) => `'${example}', `).join(' or ');
  return [`${what} (e.g. ${list}regex used for validation is '${pattern}')`];
}
