import type { JsonObject } from '../../../model/json-value.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { definitionErrors, definitionUpdateErrors } from '../../custom-resources/definition/definition-errors.ts';
import { definitionWarnings } from '../../custom-resources/definition/definition-warnings.ts';
import type { RuleCompiler } from '../../custom-resources/definition/schema-errors.ts';
import { readSchema, schemaHas } from '../../custom-resources/schema/schema.ts';
import type { Strategy } from '../../strategy.ts';
import { defineStrategy } from '../define-strategy.ts';
import {
  ensureObject,
  fillAbsent,
  fillEmpty,
  flagIn,
  objectIn,
  objectsIn,
  partOf,
  stringsIn,
  textIn,
} from '../fields.ts';

function defaults(object: KubeObject): void {
  const spec = ensureObject(object, 'spec');
  fillEmpty(spec, 'scope', 'Namespaced');
  const names = ensureObject(spec, 'names');
  fillEmpty(names, 'singular', textIn(names, 'kind').toLowerCase());
  if (textIn(names, 'kind') !== '') fillEmpty(names, 'listKind', `${textIn(names, 'kind')}List`);
  const conversion = ensureObject(spec, 'conversion');
  fillEmpty(conversion, 'strategy', 'None');
  const service = objectIn(partOf(conversion, 'webhook', 'clientConfig'), 'service');
  if (service !== undefined) fillAbsent(service, 'port', 443);
}

function initialStatus(object: KubeObject) {
  const stored = objectsIn(partOf(object, 'spec'), 'versions').filter((version) => flagIn(version, 'storage'));
  return {
    conditions: null,
    acceptedNames: { plural: '', kind: '' },
    storedVersions: stored.map((version) => textIn(version, 'name')),
  };
}

/** The status after an update: a version that was ever stored stays known until all objects were rewritten. */
function keptStatus(object: KubeObject, old: KubeObject) {
  const status = structuredClone(partOf(old, 'status'));
  const known = stringsIn(status, 'storedVersions');
  const now = objectsIn(partOf(object, 'spec'), 'versions').find((version) => flagIn(version, 'storage'));
  const name = now === undefined ? '' : textIn(now, 'name');
  if (name !== '' && !known.includes(name)) status['storedVersions'] = [...known, name];
  return status;
}

/** Whether a schema of the definition has rules, whose compiler is only then loaded. */
function hasRules(object: KubeObject): boolean {
  return objectsIn(partOf(object, 'spec'), 'versions').some((version) => {
    const schema = objectIn(partOf(version, 'schema'), 'openAPIV3Schema');
    return schema !== undefined && schemaHas(readSchema(schema as JsonObject), (each) => each.validations.length > 0);
  });
}

/** The strategy of definitions. It remembers the compiler of rules once one was needed. */
export function customResourceDefinitionStrategy(): Strategy {
  let rules: RuleCompiler | undefined;
  return defineStrategy({
    resource: 'customresourcedefinitions.apiextensions.k8s.io',
    generation: true,
    initialStatus,
    defaults,
    prepareForUpdate(object, old) {
      object.status = keptStatus(object, old);
    },
    async admit(object) {
      if (!hasRules(object)) return;
      const { ruleCompiler } = await import('../../custom-resources/cel/rule-compiler.ts');
      rules ??= ruleCompiler();
    },
    validate: (object) => definitionErrors(object, rules),
    validateUpdate: (object, old) => definitionUpdateErrors(object, old, rules),
    warnings: definitionWarnings,
    allowUnconditionalUpdate: false,
  });
}
