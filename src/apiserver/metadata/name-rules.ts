const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const KEY = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const LABEL_PATTERN = new RegExp(`^${LABEL}$`);
const SUBDOMAIN_PATTERN = new RegExp(`^${SUBDOMAIN}$`);
const KEY_PATTERN = new RegExp(`^${KEY}$`);
const VALUE_PATTERN = new RegExp(`^(${KEY})?$`);

const SUBDOMAIN_TEXT = patternText(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  SUBDOMAIN,
  ['example.com'],
);
const LABEL_TEXT = patternText(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  LABEL,
  ['my-name', '123-abc'],
);
const KEY_TEXT = patternText(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  KEY,
  ['MyName', 'my.name', '123-abc'],
);
const VALUE_TEXT = patternText(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  `(${KEY})?`,
  ['MyValue', 'my_value', '12345'],
);

/** What is wrong with a DNS-1123 subdomain; nothing when it is one. Texts as apimachinery's util/validation gives them. */
export function dns1123SubdomainErrors(value: string): string[] {
  return [
    ...(value.length > 253 ? ['must be no more than 253 characters'] : []),
    ...(SUBDOMAIN_PATTERN.test(value) ? [] : [SUBDOMAIN_TEXT]),
  ];
}

/** What is wrong with a DNS-1123 label. */
export function dns1123LabelErrors(value: string): string[] {
  if (value.length > 63) {
    return ['must be no more than 63 characters', ...(LABEL_PATTERN.test(value) ? [] : [LABEL_TEXT])];
  }
  if (LABEL_PATTERN.test(value)) return [];
  return SUBDOMAIN_PATTERN.test(value) ? ['must not contain dots'] : [LABEL_TEXT];
}

/** What is wrong with a label key, annotation key or finalizer (IsQualifiedName). */
export function qualifiedNameErrors(value: string): string[] {
  const parts = value.split('/');
  if (parts.length > 2) {
    return [`a valid label key ${KEY_TEXT} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const [prefix, name] = parts.length === 2 ? parts : [undefined, parts[0]];
  return [...prefixErrors(prefix), ...nameErrors(name ?? '')];
}

function prefixErrors(prefix: string | undefined): string[] {
  if (prefix === undefined) return [];
  if (prefix === '') return ['prefix part must be non-empty'];
  const errors = prefix.length > 253 ? ['must be no more than 253 bytes'] : [];
  if (!SUBDOMAIN_PATTERN.test(prefix)) errors.push(SUBDOMAIN_TEXT);
  return errors.map((error) => `prefix part ${error}`);
}

function nameErrors(name: string): string[] {
  if (name === '') return ['name part must be non-empty', `name part ${KEY_TEXT}`];
  return [
    ...(name.length > 63 ? ['name part must be no more than 63 bytes'] : []),
    ...(KEY_PATTERN.test(name) ? [] : [`name part ${KEY_TEXT}`]),
  ];
}

/** What is wrong with a label's value. */
export function labelValueErrors(value: string): string[] {
  return [
    ...(value.length > 63 ? ['must be no more than 63 bytes'] : []),
    ...(VALUE_PATTERN.test(value) ? [] : [VALUE_TEXT]),
  ];
}

/** What keeps a name from being a segment of a path (ValidatePathSegmentName). */
export function pathSegmentErrors(name: string, prefix: boolean): string[] {
  if (!prefix && (name === '.' || name === '..')) return [`may not be '${name}'`];
  return ['/', '%']
    .filter((character) => name.includes(character))
    .map((character) => `may not contain '${character}'`);
}

/** A prefix ends as a name may not end; what was made of it is checked (maskTrailingDash). */
export function withoutTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
}

function patternText(what: string, pattern: string, examples: readonly string[]): string {
  const list = examples.map((example) => `'${example}', `).join(' or ');
  return `${what} (e.g. ${list}regex used for validation is '${pattern}')`;
}
