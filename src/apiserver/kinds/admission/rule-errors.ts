import { duplicate, type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import { pathSegmentNameMessages } from '../../../model/names.ts';
import { selectorErrors } from '../field-checks.ts';
import { type Fields, objectIn, objectsIn, stringsIn, textIn } from '../fields.ts';

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];
export const MATCH_POLICIES = ['Equivalent', 'Exact'];
export const FAILURE_POLICIES = ['Fail', 'Ignore'];

/** A value that is there must be one of some. */
export function knownErrors(parent: Fields, key: string, path: string, known: readonly string[]): FieldError[] {
  const value = textIn(parent, key);
  return value === '' || known.includes(value) ? [] : [notSupported(`${path}.${key}`, value, known)];
}

/** What is wrong with the rules of a webhook or policy (validateRuleWithOperations). */
export function ruleErrors(rules: readonly Fields[], path: string): FieldError[] {
  return rules.flatMap((rule, index) => oneRuleErrors(rule, `${path}[${String(index)}]`));
}

function oneRuleErrors(rule: Fields, path: string): FieldError[] {
  const operations = stringsIn(rule, 'operations');
  return [
    ...nameErrors(rule, path),
    ...listErrors(rule, 'operations', path, 'operations'),
    ...operations.flatMap((operation, index) =>
      OPERATIONS.includes(operation)
        ? []
        : [notSupported(`${path}.operations[${String(index)}]`, operation, OPERATIONS)],
    ),
    ...listErrors(rule, 'apiGroups', path, 'API groups'),
    ...listErrors(rule, 'apiVersions', path, 'API versions'),
    ...emptyErrors(stringsIn(rule, 'apiVersions'), `${path}.apiVersions`),
    ...resourceErrors(stringsIn(rule, 'resources'), `${path}.resources`),
    ...knownErrors(rule, 'scope', path, SCOPES),
  ];
}

function nameErrors(rule: Fields, path: string): FieldError[] {
  const names = stringsIn(rule, 'resourceNames');
  return names.flatMap((name, index) => {
    const field = `${path}.resourceNames[${String(index)}]`;
    const errors = pathSegmentNameMessages(name).map((text) => invalidValue(field, name, text));
    return names.indexOf(name) < index ? [...errors, duplicate(field, name)] : errors;
  });
}

/** A list that must not be empty, and in which `*` stands alone. */
function listErrors(rule: Fields, key: string, path: string, what: string): FieldError[] {
  const items = stringsIn(rule, key);
  if (items.length === 0) return [required(`${path}.${key}`)];
  if (items.length === 1 || !items.includes('*')) return [];
  return [invalidValue(`${path}.${key}`, items, `if '*' is present, must not specify other ${what}`)];
}

function emptyErrors(items: readonly string[], path: string): FieldError[] {
  return items.flatMap((item, index) => (item === '' ? [required(`${path}[${String(index)}]`)] : []));
}

function resourceErrors(resources: readonly string[], path: string): FieldError[] {
  if (resources.length === 0) return [required(path)];
  const errors: FieldError[] = [];
  const anySub = new Set<string>();
  const anyResource = new Set<string>();
  for (const [index, resource] of resources.entries()) {
    const field = `${path}[${String(index)}]`;
    if (resource === '') errors.push(required(field));
    const slash = resource.indexOf('/');
    if (slash < 0) continue;
    const [main, sub] = [resource.slice(0, slash), resource.slice(slash + 1)];
    const refuse = (pattern: string): void => {
      errors.push(invalidValue(field, resource, `if '${pattern}' is present, must not specify ${resource}`));
    };
    if (anySub.has(main)) refuse(`${main}/*`);
    if (anyResource.has(sub)) refuse(`*/${sub}`);
    if (sub === '*') anySub.add(main);
    if (main === '*') anyResource.add(sub);
  }
  if (resources.length > 1 && resources.includes('*/*')) {
    errors.push(invalidValue(path, resources, "if '*/*' is present, must not specify other resources"));
  }
  if (resources.includes('*') && resources.some((each) => each !== '*' && each !== '' && !each.includes('/'))) {
    const text = "if '*' is present, must not specify other resources without subresources";
    errors.push(invalidValue(path, resources, text));
  }
  return errors;
}

/** What is wrong with MatchResources, whose defaults are set (validateMatchResources). */
export function matchErrors(match: Fields | undefined, path: string): FieldError[] {
  if (match === undefined) return [];
  return [
    ...knownErrors(match, 'matchPolicy', path, MATCH_POLICIES),
    ...selectorsErrors(match, path),
    ...ruleErrors(objectsIn(match, 'resourceRules'), `${path}.resourceRules`),
    ...ruleErrors(objectsIn(match, 'excludeResourceRules'), `${path}.excludeResourceRules`),
  ];
}

export function selectorsErrors(match: Fields, path: string): FieldError[] {
  return ['namespaceSelector', 'objectSelector'].flatMap((key) =>
    selectorErrors(objectIn(match, key), `${path}.${key}`),
  );
}
