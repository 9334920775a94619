import { deepEqual } from '../../../model/deep-equal.ts';
import { type FieldError, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { Strategy } from '../../strategy.ts';
import { defineStrategy } from '../define-strategy.ts';
import { ruleErrors } from '../field-checks.ts';
import { ensureObject, type Fields, fillEmpty, objectsIn, partOf, stringsIn, textIn } from '../fields.ts';
import { subdomainRule } from '../value-rules.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** Any name that can be a segment of a path, which is checked for all kinds. */
function anyName(): string[] {
  return [];
}

function rulesErrors(object: KubeObject, namespaced: boolean): FieldError[] {
  return objectsIn(object, 'rules').flatMap((rule, index) => policyRuleErrors(rule, namespaced, `rules[${index}]`));
}

function policyRuleErrors(rule: Fields, namespaced: boolean, path: string): FieldError[] {
  const list = (key: string) => stringsIn(rule, key);
  const errors: FieldError[] = [];
  if (list('verbs').length === 0) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
  const urls = list('nonResourceURLs');
  if (urls.length > 0) {
    const wrong = (detail: string) => errors.push(invalidValue(`${path}.nonResourceURLs`, urls, detail));
    if (namespaced) wrong('namespaced rules cannot apply to non-resource URLs');
    if (['apiGroups', 'resources', 'resourceNames'].some((key) => list(key).length > 0)) {
      wrong('rules cannot apply to both regular resources and non-resource URLs');
    }
    return errors;
  }
  if (list('apiGroups').length === 0) {
    errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
  }
  if (list('resources').length === 0) {
    errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
  }
  return errors;
}

export const roleStrategy = defineStrategy({
  resource: `roles.${GROUP}`,
  validate: (object) => rulesErrors(object, true),
  validateName: anyName,
  allowCreateOnUpdate: true,
});

export const clusterRoleStrategy = defineStrategy({
  resource: `clusterroles.${GROUP}`,
  validate: (object) => rulesErrors(object, false),
  validateName: anyName,
  allowCreateOnUpdate: true,
});

function defaultBinding(object: KubeObject): void {
  fillEmpty(ensureObject(object, 'roleRef'), 'apiGroup', GROUP);
  for (const subject of objectsIn(object, 'subjects')) {
    if (['User', 'Group'].includes(textIn(subject, 'kind'))) fillEmpty(subject, 'apiGroup', GROUP);
  }
}

function bindingErrors(object: KubeObject, roles: readonly string[], namespaced: boolean): FieldError[] {
  const role = partOf(object, 'roleRef');
  const group = textIn(role, 'apiGroup');
  const kind = textIn(role, 'kind');
  const errors: FieldError[] = [];
  if (group !== GROUP) errors.push(notSupported('roleRef.apiGroup', group, [GROUP]));
  if (!roles.includes(kind)) errors.push(notSupported('roleRef.kind', kind, roles));
  if (textIn(role, 'name') === '') errors.push(required('roleRef.name'));
  for (const [index, subject] of objectsIn(object, 'subjects').entries()) {
    errors.push(...subjectErrors(subject, namespaced, `subjects[${index}]`));
  }
  return errors;
}

function subjectErrors(subject: Fields, namespaced: boolean, path: string): FieldError[] {
  const name = textIn(subject, 'name');
  const kind = textIn(subject, 'kind');
  const group = textIn(subject, 'apiGroup');
  const errors = name === '' ? [required(`${path}.name`)] : [];
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') errors.push(...ruleErrors(`${path}.name`, name, subdomainRule));
      if (group !== '') errors.push(notSupported(`${path}.apiGroup`, group, ['']));
      if (!namespaced && textIn(subject, 'namespace') === '') errors.push(required(`${path}.namespace`));
      return errors;
    case 'User':
    case 'Group':
      return group === GROUP ? errors : [...errors, notSupported(`${path}.apiGroup`, group, [GROUP])];
    default:
      return [...errors, notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group'])];
  }
}

/** A reference to a role as Go's own type of it prints, which has no names for JSON. */
function internalReference(binding: KubeObject): Fields {
  const reference = partOf(binding, 'roleRef');
  return { APIGroup: textIn(reference, 'apiGroup'), Kind: textIn(reference, 'kind'), Name: textIn(reference, 'name') };
}

function bindingStrategy(plural: string, roles: readonly string[], namespaced: boolean): Strategy {
  const validate = (object: KubeObject) => bindingErrors(object, roles, namespaced);
  return defineStrategy({
    resource: `${plural}.${GROUP}`,
    defaults: defaultBinding,
    validate,
    validateUpdate(object, old) {
      const errors = validate(object);
      if (deepEqual(object['roleRef'], old['roleRef'])) return errors;
      return [...errors, invalidValue('roleRef', internalReference(object), 'cannot change roleRef')];
    },
    validateName: anyName,
    allowCreateOnUpdate: true,
  });
}

export const roleBindingStrategy = bindingStrategy('rolebindings', ['Role', 'ClusterRole'], true);
export const clusterRoleBindingStrategy = bindingStrategy('clusterrolebindings', ['ClusterRole'], false);
