import { type FieldError, fieldForbidden, invalidValue } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { qualifiedNameMessages } from '../../../model/names.ts';
import { semanticEqual } from '../../../model/semantic-equal.ts';
import { defineStrategy } from '../define-strategy.ts';
import { labelsErrors, ruleErrors } from '../field-checks.ts';
import { entriesIn, type Fields, fillEmpty, isSet, objectIn, objectsIn, partOf, textIn } from '../fields.ts';
import { claimSpecErrors, MOST_CONFIGURATIONS } from './claim-spec-errors.ts';
import { claimStatusErrors } from './claim-status-errors.ts';
import { configurationErrors, itemsErrors, selectorsErrors } from './device-errors.ts';
import { internalClaimSpec } from './internal-claim.ts';
import { sliceErrors } from './slice-errors.ts';

const IMMUTABLE = 'field is immutable';

export const resourceClaimStrategy = defineStrategy({
  resource: 'resourceclaims.resource.k8s.io',
  initialStatus: () => ({}),
  defaults: (object) => {
    defaultDevices(partOf(object, 'spec', 'devices'));
    const results = objectsIn(partOf(object, 'status', 'allocation', 'devices'), 'results');
    for (const result of results) defaultTolerations(result);
  },
  validate: (object) => claimSpecErrors(partOf(object, 'spec'), 'spec'),
  validateUpdate(object, old) {
    if (semanticEqual(object['spec'], old['spec'])) return [];
    return [invalidValue('spec', internalClaimSpec(partOf(object, 'spec')), IMMUTABLE)];
  },
  validateStatusUpdate: claimStatusErrors,
});

export const resourceClaimTemplateStrategy = defineStrategy({
  resource: 'resourceclaimtemplates.resource.k8s.io',
  defaults: (object) => defaultDevices(partOf(object, 'spec', 'spec', 'devices')),
  validate: (object) => [
    ...templateMetadataErrors(partOf(object, 'spec', 'metadata')),
    ...claimSpecErrors(partOf(object, 'spec', 'spec'), 'spec.spec'),
  ],
  validateUpdate(object, old) {
    if (semanticEqual(object['spec'], old['spec'])) return [];
    const value = {
      ...partOf(object, 'spec', 'metadata'),
      Spec: internalClaimSpec(partOf(object, 'spec', 'spec')),
    };
    return [invalidValue('spec', value, IMMUTABLE)];
  },
});

/** Of the metadata of claims that are made, a template says labels and annotations alone (ValidateTemplateObjectMeta). */
function templateMetadataErrors(metadata: Fields): FieldError[] {
  const path = 'spec.metadata';
  const annotations = entriesIn(metadata, 'annotations').flatMap(([key]) =>
    ruleErrors(`${path}.annotations`, key.toLowerCase(), qualifiedNameMessages),
  );
  const others = Object.keys(metadata).filter(
    (key) => !['annotations', 'labels'].includes(key) && isSet(metadata, key),
  );
  return [
    ...annotations,
    ...labelsErrors(metadata, 'labels', `${path}.labels`),
    ...others.sort().map((key) => fieldForbidden(`${path}.${key}`, 'cannot be set')),
  ];
}

export const deviceClassStrategy = defineStrategy({
  resource: 'deviceclasses.resource.k8s.io',
  generation: true,
  validate: (object) => deviceClassErrors(object),
  validateUpdate: deviceClassErrors,
});

function deviceClassErrors(object: KubeObject, old?: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const isStored = old !== undefined && semanticEqual(spec['config'], partOf(old, 'spec')['config']);
  const errors = [
    ...selectorsErrors(spec, 'spec'),
    ...itemsErrors(objectsIn(spec, 'config'), MOST_CONFIGURATIONS, 'spec.config', (config, at) =>
      configurationErrors(config, at, isStored),
    ),
  ];
  const name = textIn(spec, 'extendedResourceName');
  if (!isSet(spec, 'extendedResourceName') || isExtendedName(name)) return errors;
  return [...errors, invalidValue('spec.extendedResourceName', name, 'must be a valid extended resource name')];
}

/** A resource that is not Kubernetes' own, and whose quota has a name too (IsExtendedResourceName). */
function isExtendedName(name: string): boolean {
  if (!name.includes('/') || name.includes('kubernetes.io/') || name.startsWith('requests.')) return false;
  return qualifiedNameMessages(`requests.${name}`).length === 0;
}

export const resourceSliceStrategy = defineStrategy({
  resource: 'resourceslices.resource.k8s.io',
  generation: true,
  validate: (object) => sliceErrors(object),
  validateUpdate: sliceErrors,
  selectableFields: {
    'spec.nodeName': (object) => textIn(partOf(object, 'spec'), 'nodeName'),
    'spec.driver': (object) => textIn(partOf(object, 'spec'), 'driver'),
  },
});

/** A request of devices is for one of them, and what it tolerates it tolerates for a value. */
function defaultDevices(devices: Fields): void {
  for (const request of objectsIn(devices, 'requests')) {
    for (const each of [objectIn(request, 'exactly'), ...objectsIn(request, 'firstAvailable')]) {
      if (each === undefined) continue;
      fillEmpty(each, 'allocationMode', 'ExactCount');
      if (each['allocationMode'] === 'ExactCount') fillEmpty(each, 'count', 1);
      defaultTolerations(each);
    }
  }
}

function defaultTolerations(parent: Fields): void {
  for (const toleration of objectsIn(parent, 'tolerations')) fillEmpty(toleration, 'operator', 'Equal');
}
