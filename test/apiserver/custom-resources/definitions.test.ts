import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/json-value.ts';
import { apiHarness } from '../api-harness.ts';
import { causes, cronTabDefinition, DEFINITIONS, version } from './definition-objects.ts';

const V = 'spec.validation.openAPIV3Schema';

/** What is wrong with a definition that has one version. */
async function wrong(change: (spec: Record<string, unknown>) => void): Promise<string[]> {
  return causes(apiHarness(), DEFINITIONS, cronTabDefinition(change));
}

/** What is wrong with the schema of `spec` in a definition. */
async function wrongSchema(spec: JsonObject, root: JsonObject = {}): Promise<string[]> {
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec }, ...root } };
  return wrong((definition) => {
    definition['versions'] = [version('v1', { schema, subresources: {}, selectableFields: [] })];
  });
}

describe('a definition is refused', () => {
  it.each<[string, (spec: Record<string, unknown>) => void, string[]]>([
    [
      'group',
      (spec) => (spec['group'] = 'example'),
      [
        'metadata.name: Invalid value: "crontabs.stable.example.com": must be spec.names.plural+"."+spec.group',
        'spec.group: Invalid value: "example": should be a domain with at least one dot',
      ],
    ],
    [
      'scope',
      (spec) => (spec['scope'] = 'Everywhere'),
      ['spec.scope: Unsupported value: "Everywhere": supported values: "Cluster", "Namespaced"'],
    ],
    [
      'schema',
      (spec) => (spec['versions'] = [version('v1', { schema: undefined, selectableFields: [] })]),
      ['spec.versions[0].schema.openAPIV3Schema: Required value'],
    ],
    [
      'storage version',
      (spec) => (spec['versions'] = [version('v1', { storage: false })]),
      [
        'spec.versions: Invalid value: [{"Name":"v1","Served":true,"Storage":false,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}]: must have exactly one version marked as storage version',
        'status.storedVersions: Invalid value: null: must have at least one stored version',
      ],
    ],
    [
      'version name',
      (spec) => (spec['versions'] = [version('V1')]),
      [
        "spec.versions[0].name: Invalid value: \"V1\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [
      'same kinds',
      (spec) => (spec['names'] = { plural: 'crontabs', kind: 'CronTab', listKind: 'CronTab' }),
      ['spec.names.listKind: Invalid value: "CronTab": kind and listKind may not be the same'],
    ],
    [
      'column',
      (spec) =>
        (spec['versions'] = [
          version('v1', { additionalPrinterColumns: [{ name: '', type: 'text', jsonPath: 'spec' }] }),
        ]),
      [
        'spec.additionalPrinterColumns[0].name: Required value',
        'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
        'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec": must be a simple json path starting with .',
      ],
    ],
    [
      'scale',
      (spec) =>
        (spec['versions'] = [
          version('v1', { subresources: { scale: { specReplicasPath: '.replicas', statusReplicasPath: '' } } }),
        ]),
      [
        'spec.subresources.scale.specReplicasPath: Invalid value: ".replicas": should be a json path under .spec',
        'spec.subresources.scale.statusReplicasPath: Required value',
      ],
    ],
    [
      'selectable field',
      (spec) =>
        (spec['versions'] = [
          version('v1', { selectableFields: [{ jsonPath: '.spec.nonsense' }, { jsonPath: '.spec' }] }),
        ]),
      [
        'spec.selectableFields[0].jsonPath: Invalid value: ".spec.nonsense": is an invalid path: does not refer to a valid field',
        'spec.selectableFields[1].jsonPath: Invalid value: ".spec": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
      ],
    ],
    [
      'conversion',
      (spec) => (spec['conversion'] = { strategy: 'Webhook' }),
      [
        'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
        'spec.conversion.conversionReviewVersions: Required value',
      ],
    ],
    [
      'unknown fields',
      (spec) => (spec['preserveUnknownFields'] = true),
      [
        'spec.preserveUnknownFields: Invalid value: true: must be false in order to use defaults in the schema',
        'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
      ],
    ],
    [
      'deprecation',
      (spec) => (spec['versions'] = [version('v1', { deprecationWarning: 'old' })]),
      ['spec.versions[0].deprecationWarning: Invalid value: "old": can only be set for deprecated versions'],
    ],
  ])('for its %s', async (_name, change, expected) => {
    expect(await wrong(change)).toEqual(expected);
  });

  it('in a group of Kubernetes without approval', async () => {
    const definition = cronTabDefinition((spec) => (spec['group'] = 'apps.k8s.io'));
    definition.metadata.name = 'crontabs.apps.k8s.io';
    const [text] = await causes(apiHarness(), DEFINITIONS, definition);
    expect(text).toBe(
      'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    );
    definition.metadata.annotations = { 'api-approved.kubernetes.io': 'unapproved, just a test' };
    expect(await apiHarness().request('POST', DEFINITIONS, definition)).toMatchObject({ status: 201 });
  });

  const P = `${V}.properties[spec]`;
  it.each<[string, JsonObject, string[]]>([
    ['no type', {}, [`${P}.type: Required value: must not be empty for specified object fields`]],
    ['a list of anything', { type: 'array' }, [`${P}.items: Required value: must be specified`]],
    [
      'another type',
      { type: 'text' },
      [
        `${P}.type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"`,
      ],
    ],
    [
      'a bad pattern',
      { type: 'string', pattern: '(' },
      [
        `${P}.pattern: Invalid value: "(": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): \`(\``,
      ],
    ],
    [
      'types in validations',
      { type: 'object', anyOf: [{ type: 'object', description: 'x' }] },
      [
        `${P}.anyOf[0].description: Forbidden: must be empty to be structural`,
        `${P}.anyOf[0].type: Forbidden: must be empty to be structural`,
      ],
    ],
    [
      'unique items',
      { type: 'array', uniqueItems: true, items: { type: 'string' } },
      [`${P}.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`],
    ],
    [
      'fields and other fields',
      { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } },
      [`${P}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`],
    ],
    [
      'a list of maps without keys',
      { type: 'array', 'x-kubernetes-list-type': 'map', items: { type: 'object' } },
      [`${P}.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`],
    ],
    [
      'keys that may be missing',
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['a'],
        items: { type: 'object', properties: { a: { type: 'string' } } },
      },
      [
        `${P}.items.properties[a].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
      ],
    ],
    [
      'a default of a wrong type',
      { type: 'integer', default: 'x' },
      [`${P}.default: Invalid value: "string":  in body must be of type integer: "string"`],
    ],
    [
      'a default with unknown fields',
      { type: 'object', default: { a: 1 } },
      [`${P}.default: Invalid value: {"a":1}: must not have unknown fields`],
    ],
    [
      'preserving nothing',
      { type: 'object', 'x-kubernetes-preserve-unknown-fields': false },
      [`${P}.x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined`],
    ],
    [
      'an embedded list',
      { type: 'array', items: { type: 'string' }, 'x-kubernetes-embedded-resource': true },
      [
        `${P}.properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields`,
        `${P}.type: Invalid value: "array": must be object if x-kubernetes-embedded-resource is true`,
      ],
    ],
    [
      'an empty rule',
      { type: 'string', 'x-kubernetes-validations': [{ rule: ' ' }] },
      [`${P}.x-kubernetes-validations[0].rule: Required value: rule is not specified`],
    ],
    [
      'another reason',
      { type: 'string', 'x-kubernetes-validations': [{ rule: 'true', reason: 'Because' }] },
      [
        `${P}.x-kubernetes-validations[0].reason: Unsupported value: "Because": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"`,
      ],
    ],
  ])('for %s', async (_name, spec, expected) => {
    expect(await wrongSchema(spec)).toEqual(expected);
  });

  it('for fields that only a validation of the root has', async () => {
    const oneOf = [{ properties: { spec: { properties: { a: { minLength: 1 } } } } }];
    expect(await wrongSchema({ type: 'object' }, { oneOf })).toEqual([
      `${P}.properties[a]: Required value: because it is defined in ${V}.oneOf[0].properties[spec].properties[a]`,
    ]);
  });

  it('for fields of metadata', async () => {
    const metadata = { type: 'object', properties: { labels: { type: 'object' } } };
    expect(await wrongSchema({ type: 'object' }, { properties: { metadata } })).toEqual([
      `${V}.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified`,
    ]);
  });

  it.each<[string, JsonObject, string]>([
    [
      'an unknown field',
      { rule: 'self.nonsense > 1' },
      `compilation failed: ERROR: <input>:1:5: undefined field 'nonsense'\n | self.nonsense > 1\n | ....^`,
    ],
    [
      'an unknown name',
      { rule: 'other == 1' },
      `compilation failed: ERROR: <input>:1:1: undeclared reference to 'other' (in container '')\n | other == 1\n | ^`,
    ],
    [
      'wrong operands',
      { rule: `self.a + 1 == 'x'` },
      `compilation failed: ERROR: <input>:1:8: found no matching overload for '_+_' applied to '(string, int)'\n | self.a + 1 == 'x'\n | .......^`,
    ],
    [
      'wrong arguments',
      { rule: 'self.a.startsWith(1)' },
      `compilation failed: ERROR: <input>:1:18: found no matching overload for 'startsWith' applied to 'string.(int)'\n | self.a.startsWith(1)\n | .................^`,
    ],
    ['no condition', { rule: 'self.a' }, 'cel expression must evaluate to a bool'],
    ['no text', { rule: 'true', messageExpression: '1' }, 'messageExpression must evaluate to a string'],
    ['an unused old value', { rule: 'true', optionalOldSelf: true }, 'may not be set if oldSelf is not used in rule'],
  ])('for rules with %s', async (_name, rule, expected) => {
    const spec = { type: 'object', properties: { a: { type: 'string' } }, 'x-kubernetes-validations': [rule] };
    const found = await wrongSchema(spec);
    expect(found).toHaveLength(1);
    expect(found[0]?.endsWith(`: ${expected}`), found[0]).toBe(true);
  });

  it('for old values that cannot be told from new ones', async () => {
    const items = { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] };
    expect(await wrongSchema({ type: 'array', items })).toEqual([
      `${P}.items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within ${P}`,
    ]);
  });

  it('when what may not change is changed', async () => {
    const api = apiHarness();
    await api.send('POST', DEFINITIONS, cronTabDefinition());
    const path = `${DEFINITIONS}/crontabs.stable.example.com`;
    const found = await api.send('GET', path);
    const spec = found['spec'] as Record<string, unknown>;
    spec['scope'] = 'Cluster';
    spec['versions'] = [version('v2')];
    const response = await api.request('PUT', path, found);
    expect((response.body as { message: string }).message).toBe(
      'CustomResourceDefinition.apiextensions.k8s.io "crontabs.stable.example.com" is invalid: [spec.scope: Invalid value: "Cluster": field is immutable, status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions]',
    );
  });

  it('but only warned of formats that nothing checks', async () => {
    const spec = { type: 'string', format: 'nonsense' };
    const definition = cronTabDefinition((fields) => {
      fields['versions'] = [
        version('v1', {
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
          subresources: {},
          selectableFields: [],
        }),
      ];
    });
    const response = await apiHarness().request('POST', DEFINITIONS, definition);
    expect(response.headers['warning']).toBe('299 - "unrecognized format \\"nonsense\\""');
  });
});
