import { isJsonObject } from '../model/json-value.ts';

const MASK = '<masked>';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * A copy of an API body without what Secrets hold: their data and the record of what was applied, in lists and tables too,
 * and the tokens that were asked for. `path` is where it goes to or comes from: a patch does not say its kind.
 */
export function withoutSecrets(body: unknown, path: string): unknown {
  return masked(body, /\/secrets(?:\/|$)/.test(path));
}

function masked(value: unknown, secret: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(item, secret));
  if (!isJsonObject(value)) return value;
  const kind = value['kind'];
  const isSecret = secret || kind === 'Secret' || kind === 'SecretList';
  const asksToken = kind === 'TokenRequest' || kind === 'TokenReview';
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, maskedField(key, field, { isSecret, asksToken })]),
  );
}

function maskedField(key: string, field: unknown, inside: { isSecret: boolean; asksToken: boolean }): unknown {
  if (inside.asksToken && (key === 'status' || key === 'spec') && isJsonObject(field) && 'token' in field) {
    return { ...field, token: MASK };
  }
  if (inside.isSecret && (key === 'data' || key === 'stringData') && isJsonObject(field)) {
    return Object.fromEntries(Object.keys(field).map((each) => [each, MASK]));
  }
  // In a JSON patch.
  if (inside.isSecret && key === 'value') return MASK;
  if (key === LAST_APPLIED && typeof field === 'string' && (inside.isSecret || field.includes('"Secret"'))) return MASK;
  return masked(field, inside.isSecret);
}
