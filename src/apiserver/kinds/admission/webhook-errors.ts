import { duplicate, type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { dns1035LabelMessages, dns1123SubdomainMessages } from '../../../model/names.ts';
import { type Fields, isSet, numberIn, objectIn, objectsIn, stringsIn, textIn } from '../fields.ts';
import { conditionErrors, type ExpressionCheckers } from './expression-errors.ts';
import { FAILURE_POLICIES, knownErrors, MATCH_POLICIES, ruleErrors, selectorsErrors } from './rule-errors.ts';

const SIDE_EFFECTS = ['None', 'NoneOnDryRun'];
const REVIEW_VERSIONS = ['v1', 'v1beta1'];
const REINVOCATIONS = ['IfNeeded', 'Never'];
const FORM = '; desired format: https://host[/path]';

/** What is wrong with a webhook configuration of either kind. */
export function webhookConfigurationErrors(configuration: KubeObject, checkers: ExpressionCheckers): FieldError[] {
  const webhooks = objectsIn(configuration, 'webhooks');
  const names = webhooks.map((webhook) => textIn(webhook, 'name'));
  return webhooks.flatMap((webhook, index) => {
    const path = `webhooks[${String(index)}]`;
    const name = names[index] ?? '';
    return [
      ...webhookErrors(webhook, checkers, path),
      ...versionErrors(stringsIn(webhook, 'admissionReviewVersions'), `${path}.admissionReviewVersions`),
      ...(name !== '' && names.indexOf(name) < index ? [duplicate(`${path}.name`, name)] : []),
    ];
  });
}

function webhookErrors(webhook: Fields, checkers: ExpressionCheckers, path: string): FieldError[] {
  const seconds = numberIn(webhook, 'timeoutSeconds') ?? 1;
  const effects = textIn(webhook, 'sideEffects');
  return [
    ...qualifiedErrors(textIn(webhook, 'name'), `${path}.name`),
    ...ruleErrors(objectsIn(webhook, 'rules'), `${path}.rules`),
    ...knownErrors(webhook, 'failurePolicy', path, FAILURE_POLICIES),
    ...knownErrors(webhook, 'matchPolicy', path, MATCH_POLICIES),
    ...(effects === ''
      ? [required(`${path}.sideEffects`, `must specify one of ${SIDE_EFFECTS.join(', ')}`)]
      : SIDE_EFFECTS.includes(effects)
        ? []
        : [notSupported(`${path}.sideEffects`, effects, SIDE_EFFECTS)]),
    ...(seconds < 1 || seconds > 30
      ? [invalidValue(`${path}.timeoutSeconds`, seconds, 'the timeout value must be between 1 and 30 seconds')]
      : []),
    ...selectorsErrors(webhook, path),
    ...knownErrors(webhook, 'reinvocationPolicy', path, REINVOCATIONS),
    ...clientErrors(objectIn(webhook, 'clientConfig') ?? {}, `${path}.clientConfig`),
    ...(objectsIn(webhook, 'matchConditions').length === 0
      ? []
      : conditionErrors(webhook, checkers(false), `${path}.matchConditions`)),
  ];
}

/** A name with at least three parts (IsFullyQualifiedName). */
function qualifiedErrors(name: string, path: string): FieldError[] {
  if (name === '') return [required(path)];
  const errors = dns1123SubdomainMessages(name);
  if (errors.length > 0) return [invalidValue(path, name, errors.join(','))];
  if (name.split('.').length >= 3) return [];
  return [invalidValue(path, name, 'should be a domain with at least three segments separated by dots')];
}

function versionErrors(versions: readonly string[], path: string): FieldError[] {
  const known = REVIEW_VERSIONS.join(', ');
  if (versions.length === 0) return [required(path, `must specify one of ${known}`)];
  const errors = versions.flatMap((version, index) => {
    const field = `${path}[${String(index)}]`;
    if (versions.indexOf(version) < index) return [invalidValue(field, version, 'duplicate version')];
    return dns1035LabelMessages(version).map((text) => invalidValue(field, version, text));
  });
  if (versions.some((version) => REVIEW_VERSIONS.includes(version))) return errors;
  return [...errors, invalidValue(path, versions, `must include at least one of ${known}`)];
}

function clientErrors(config: Fields, path: string): FieldError[] {
  const service = objectIn(config, 'service');
  if (isSet(config, 'url') === (service !== undefined)) {
    return [required(path, 'exactly one of url or service is required')];
  }
  if (service === undefined) return urlErrors(textIn(config, 'url'), `${path}.url`);
  const port = numberIn(service, 'port') ?? 443;
  return [
    ...['name', 'namespace'].flatMap((key) =>
      textIn(service, key) === '' ? [required(`${path}.service.${key}`)] : [],
    ),
    ...(port < 1 || port > 65_535
      ? [invalidValue(`${path}.service.port`, port, 'port is not valid: must be between 1 and 65535, inclusive')]
      : []),
    ...servicePathErrors(textIn(service, 'path'), `${path}.service.path`),
  ];
}

function urlErrors(text: string, path: string): FieldError[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = /^([A-Za-z][\w+.-]*):/.exec(text)?.[1] ?? '';
  const errors: FieldError[] = [];
  if (scheme !== 'https') {
    errors.push(invalidValue(path, scheme, `'https' is the only allowed URL scheme${FORM}`));
  }
  if (url === undefined || url.host === '') return [...errors, invalidValue(path, '', `host must be specified${FORM}`)];
  if (url.username !== '' || url.password !== '') {
    const user = `${url.username}${url.password === '' ? '' : `:${url.password}`}`;
    errors.push(invalidValue(path, user, 'user information is not permitted in the URL'));
  }
  if (url.hash.length > 1) {
    errors.push(invalidValue(path, url.hash.slice(1), 'fragments are not permitted in the URL'));
  }
  if (url.search.length > 1) {
    errors.push(invalidValue(path, url.search.slice(1), 'query parameters are not permitted in the URL'));
  }
  return errors;
}

function servicePathErrors(text: string, path: string): FieldError[] {
  if (text === '' || text === '/') return [];
  if (text === '//') return [invalidValue(path, text, 'segment[0] may not be empty')];
  const errors = text.startsWith('/') ? [] : [invalidValue(path, text, "must start with a '/'")];
  const segments = text.slice(1).replace(/\/$/, '').split('/');
  for (const [index, segment] of segments.entries()) {
    const at = `segment[${String(index)}]`;
    if (segment === '') errors.push(invalidValue(path, text, `${at} may not be empty`));
    else errors.push(...dns1123SubdomainMessages(segment).map((why) => invalidValue(path, text, `${at}: ${why}`)));
  }
  return errors;
}
