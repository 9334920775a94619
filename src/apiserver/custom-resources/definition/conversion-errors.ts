import { type FieldError, fieldForbidden, invalidValue, required } from '../../../model/field-error.ts';
import { dns1035LabelMessages } from '../../../model/names.ts';
import { type Fields, flagIn, numberIn, objectIn, stringsIn, textIn } from '../../kinds/fields.ts';
import { choiceErrors } from '../../kinds/field-checks.ts';
import { rangeErrors } from '../../kinds/value-rules.ts';

const PATH = 'spec.conversion';
const ACCEPTED = ['v1', 'v1beta1'];

/** What is wrong with how a definition converts its objects between versions. */
export function conversionErrors(spec: Fields): FieldError[] {
  const conversion = objectIn(spec, 'conversion');
  if (conversion === undefined) return [];
  const strategy = textIn(conversion, 'strategy');
  const errors: FieldError[] = [];
  if (strategy !== 'None' && flagIn(spec, 'preserveUnknownFields')) {
    const text = 'must be None if spec.preserveUnknownFields is true';
    errors.push(invalidValue(`${PATH}.strategy`, strategy, text));
  }
  errors.push(...choiceErrors(`${PATH}.strategy`, strategy, ['None', 'Webhook']));
  const client = objectIn(conversion, 'webhookClientConfig');
  const versions = stringsIn(conversion, 'conversionReviewVersions');
  if (strategy === 'Webhook') return [...errors, ...clientErrors(client), ...reviewErrors(versions)];
  const text = 'should not be set when strategy is not set to Webhook';
  if (client !== undefined) errors.push(fieldForbidden(`${PATH}.webhookClientConfig`, text));
  if (versions.length > 0) errors.push(fieldForbidden(`${PATH}.conversionReviewVersions`, text));
  return errors;
}

function clientErrors(client: Fields | undefined): FieldError[] {
  const path = `${PATH}.webhookClientConfig`;
  if (client === undefined) return [required(path, 'required when strategy is set to Webhook')];
  const service = objectIn(client, 'service');
  const hasUrl = typeof client['url'] === 'string';
  if (hasUrl === (service !== undefined)) return [required(path, 'exactly one of url or service is required')];
  return service === undefined
    ? urlErrors(textIn(client, 'url'), `${path}.url`)
    : serviceErrors(service, `${path}.service`);
}

function urlErrors(text: string, path: string): FieldError[] {
  const form = '; desired format: https://host[/path]';
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined) return [required(path, `url must be a valid URL: parse ${JSON.stringify(text)}${form}`)];
  const wrong = (value: unknown, why: string): FieldError => invalidValue(path, value, `${why}${form}`);
  return [
    ...(parsed.protocol === 'https:'
      ? []
      : [wrong(parsed.protocol.slice(0, -1), "'https' is the only allowed URL scheme")]),
    ...(parsed.host === '' ? [wrong(parsed.host, 'host must be specified')] : []),
    ...(parsed.username === '' ? [] : [wrong(parsed.username, 'user information is not permitted in the URL')]),
    ...(parsed.hash === '' ? [] : [wrong(parsed.hash.slice(1), 'fragments are not permitted in the URL')]),
    ...(parsed.search === '' ? [] : [wrong(parsed.search.slice(1), 'query parameters are not permitted in the URL')]),
  ];
}

function serviceErrors(service: Fields, path: string): FieldError[] {
  const missing = (['name', 'namespace'] as const)
    .filter((field) => textIn(service, field) === '')
    .map((field) => required(`${path}.${field}`, `service ${field} is required`));
  const port = numberIn(service, 'port') ?? 443;
  const odd = rangeErrors(port, 1, 65535).map(() =>
    invalidValue(`${path}.port`, port, 'port is not valid: must be between 1 and 65535, inclusive'),
  );
  return [...missing, ...odd];
}

function reviewErrors(versions: readonly string[]): FieldError[] {
  const path = `${PATH}.conversionReviewVersions`;
  if (versions.length === 0) return [required(path)];
  const seen = new Set<string>();
  const errors = versions.flatMap((version, index) => {
    const where = `${path}[${index}]`;
    if (seen.has(version)) return [invalidValue(where, version, 'duplicate version')];
    seen.add(version);
    return dns1035LabelMessages(version).map((text) => invalidValue(where, version, text));
  });
  if (versions.some((version) => ACCEPTED.includes(version))) return errors;
  return [...errors, invalidValue(path, versions, `must include at least one of ${ACCEPTED.join(', ')}`)];
}
