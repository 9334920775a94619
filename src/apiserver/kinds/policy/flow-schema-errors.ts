import {
  duplicate,
  type FieldError,
  fieldForbidden,
  invalidValue,
  notSupported,
  required,
} from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { ruleErrors } from '../field-checks.ts';
import { type Fields, flagIn, isSet, numberIn, objectIn, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { labelRule, subdomainRule } from '../value-rules.ts';

const MOST_PRECEDENCE = 10_000;
const METHODS = ['ByNamespace', 'ByUser'];
const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];
/** The kinds of subjects, and the field that each says who it is in; upstream's order of checks. */
const SUBJECTS = { ServiceAccount: 'serviceAccount', User: 'user', Group: 'group' } as const;

/** What is wrong with a FlowSchema (ValidateFlowSchemaSpec), its conditions included. */
export function flowSchemaErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const errors = precedenceErrors(numberIn(spec, 'matchingPrecedence') ?? 0, object.metadata.name ?? '');
  const method = objectIn(spec, 'distinguisherMethod');
  if (method !== undefined && !METHODS.includes(textIn(method, 'type'))) {
    errors.push(notSupported('spec.distinguisherMethod.type', { Type: textIn(method, 'type') }, METHODS));
  }
  const level = textIn(partOf(spec, 'priorityLevelConfiguration'), 'name');
  const field = 'spec.priorityLevelConfiguration.name';
  if (level === '') errors.push(required(field, 'must reference a priority level'));
  else errors.push(...ruleErrors(field, level, subdomainRule));
  errors.push(...objectsIn(spec, 'rules').flatMap((rule, index) => rulesErrors(rule, `spec.rules[${index}]`)));
  return [...errors, ...flowConditionErrors(object)];
}

/** What is wrong with the conditions of a kind of flow control: each has a type, and one of its own. */
export function flowConditionErrors(object: KubeObject): FieldError[] {
  const types = objectsIn(partOf(object, 'status'), 'conditions').map((condition) => textIn(condition, 'type'));
  return types.flatMap((type, index) => {
    const field = `status.conditions[${index}].type`;
    const errors = types.indexOf(type) < index ? [duplicate(field, type)] : [];
    return type === '' ? [...errors, required(field, 'must not be empty')] : errors;
  });
}

function precedenceErrors(precedence: number, name: string): FieldError[] {
  const wrong = (detail: string) => [invalidValue('spec.matchingPrecedence', precedence, detail)];
  if (precedence <= 0) return wrong('must be a positive value');
  if (precedence > MOST_PRECEDENCE) return wrong(`must not be greater than ${MOST_PRECEDENCE}`);
  if (precedence > 1 || name === 'exempt') return [];
  return wrong("only the schema named 'exempt' may have matchingPrecedence 1");
}

function rulesErrors(rule: Fields, path: string): FieldError[] {
  const subjects = objectsIn(rule, 'subjects');
  const errors = subjects.flatMap((subject, index) => subjectErrors(subject, `${path}.subjects[${index}]`));
  if (subjects.length === 0) errors.push(required(`${path}.subjects`, 'subjects must contain at least one value'));
  const resources = objectsIn(rule, 'resourceRules');
  const others = objectsIn(rule, 'nonResourceRules');
  if (resources.length === 0 && others.length === 0) {
    errors.push(required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'));
  }
  errors.push(...resources.flatMap((each, index) => resourceRuleErrors(each, `${path}.resourceRules[${index}]`)));
  return [...errors, ...others.flatMap((each, index) => urlRuleErrors(each, `${path}.nonResourceRules[${index}]`))];
}

function subjectErrors(subject: Fields, path: string): FieldError[] {
  const kind = textIn(subject, 'kind');
  const kinds = Object.keys(SUBJECTS);
  if (!kinds.includes(kind)) return [notSupported(`${path}.kind`, kind, [...kinds].sort())];
  const errors: FieldError[] = [];
  for (const [each, key] of Object.entries(SUBJECTS)) {
    const field = `${path}.${key}`;
    if (each === kind) errors.unshift(...whoErrors(objectIn(subject, key), kind, field));
    else if (isSet(subject, key)) {
      errors.push(fieldForbidden(field, `${key} is forbidden when subject kind is not '${each}'`));
    }
  }
  return errors;
}

function whoErrors(who: Fields | undefined, kind: string, path: string): FieldError[] {
  if (who === undefined) {
    return [required(path, `${path.slice(path.lastIndexOf('.') + 1)} is required when subject kind is '${kind}'`)];
  }
  const name = textIn(who, 'name');
  const errors = name === '' ? [required(`${path}.name`)] : [];
  if (kind !== 'ServiceAccount') return errors;
  if (name !== '' && name !== '*') errors.push(...ruleErrors(`${path}.name`, name, subdomainRule));
  const namespace = textIn(who, 'namespace');
  if (namespace !== '') return [...errors, ...ruleErrors(`${path}.namespace`, namespace, labelRule)];
  return [...errors, required(`${path}.namespace`, 'must specify namespace for service account')];
}

function verbErrors(verbs: readonly string[], path: string): FieldError[] {
  if (verbs.length === 0) return [required(`${path}.verbs`, 'verbs must contain at least one value')];
  if (verbs.includes('*')) return loneStarErrors(verbs, `${path}.verbs`, 'verbs');
  return verbs.every((verb) => VERBS.includes(verb)) ? [] : [notSupported(`${path}.verbs`, verbs, VERBS)];
}

/** A star stands for all, so nothing stands beside it. */
function loneStarErrors(values: readonly string[], field: string, what: string): FieldError[] {
  if (values.length < 2 || !values.includes('*')) return [];
  return [invalidValue(field, values, `if '*' is present, must not specify other ${what}`)];
}

function resourceRuleErrors(rule: Fields, path: string): FieldError[] {
  const errors = verbErrors(stringsIn(rule, 'verbs'), path);
  for (const [key, one, many] of [
    ['apiGroups', 'api group', 'api groups'],
    ['resources', 'resource', 'resources'],
  ] as const) {
    const values = stringsIn(rule, key);
    if (values.length === 0) errors.push(required(`${path}.${key}`, `resource rules must supply at least one ${one}`));
    errors.push(...loneStarErrors(values, `${path}.${key}`, many));
  }
  const namespaces = stringsIn(rule, 'namespaces');
  const field = `${path}.namespaces`;
  if (namespaces.length === 0 && !flagIn(rule, 'clusterScope')) {
    const detail = 'resource rules that are not cluster scoped must supply at least one namespace';
    return [...errors, required(field, detail)];
  }
  if (namespaces.includes('*')) return [...errors, ...loneStarErrors(namespaces, field, 'namespaces')];
  const intro = "each member of this list must be '*' or a DNS-1123 label; ";
  const wrong = namespaces.flatMap((name, index) =>
    labelRule(name).map((text) => invalidValue(`${field}[${index}]`, name, `${intro}${text}`)),
  );
  return [...errors, ...wrong];
}

function urlRuleErrors(rule: Fields, path: string): FieldError[] {
  const errors = verbErrors(stringsIn(rule, 'verbs'), path);
  const urls = stringsIn(rule, 'nonResourceURLs');
  const field = `${path}.nonResourceURLs`;
  if (urls.length === 0) return [...errors, required(field, 'nonResourceURLs must contain at least one value')];
  if (urls.includes('*')) return [...errors, ...loneStarErrors(urls, field, 'non-resource URLs')];
  return [...errors, ...urls.flatMap((url, index) => urlErrors(url, `${field}[${index}]`))];
}

/** A path with a star at its end at most (ValidateNonResourceURLPath). */
function urlErrors(url: string, field: string): FieldError[] {
  const wrong = (detail: string) => [invalidValue(field, url, detail)];
  if (url === '') return wrong('must not be empty');
  if (!url.startsWith('/')) return wrong('must start with slash');
  if (url.includes(' ')) return wrong('must not contain white-space');
  if (url.includes('//')) return wrong('must not contain double slash');
  const stars = url.split('*').length - 1;
  return stars > 1 || (stars === 1 && !url.endsWith('/*')) ? wrong('wildcard can only do suffix matching') : [];
}
