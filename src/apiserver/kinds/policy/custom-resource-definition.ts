import { type FieldError, invalidValue } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { defineStrategy } from '../define-strategy.ts';
import { ensureObject, fillAbsent, fillEmpty, flagIn, objectIn, objectsIn, partOf, textIn } from '../fields.ts';

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

function validate(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const name = object.metadata.name ?? '';
  if (name === `${textIn(partOf(spec, 'names'), 'plural')}.${textIn(spec, 'group')}`) return [];
  return [invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group')];
}

/** What the API server needs of a definition before its schema is read; the schema is checked where it is compiled. */
export const customResourceDefinitionStrategy = defineStrategy({
  resource: 'customresourcedefinitions.apiextensions.k8s.io',
  generation: true,
  initialStatus,
  defaults,
  prepareForUpdate(object, old) {
    // A version that was ever stored stays known until all objects were rewritten.
    const status = structuredClone(partOf(old, 'status'));
    const known = Array.isArray(status['storedVersions']) ? (status['storedVersions'] as unknown[]) : [];
    const now = objectsIn(partOf(object, 'spec'), 'versions').find((version) => flagIn(version, 'storage'));
    const name = now === undefined ? '' : textIn(now, 'name');
    if (name !== '' && !known.includes(name)) status['storedVersions'] = [...known, name];
    object.status = status;
  },
  validate,
  allowUnconditionalUpdate: false,
});
