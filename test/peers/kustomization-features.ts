import fc from 'fast-check';
import { printYaml } from '../../src/model/yaml-printer.ts';
import { container, type Json, name, namespace, pairs, text } from './kustomization-objects.ts';

const kind = fc.constantFrom('Deployment', 'ConfigMap', 'Service', 'StatefulSet', 'Widget', '.*', 'Deploy.*');
const selector = fc.record({ kind, name, labelSelector: fc.constantFrom('app', 'tier=a') }, { requiredKeys: ['kind'] });
const literals = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('k', 'l', 'm.txt'),
      text.filter((each) => !each.includes('\n')),
    ),
    { selector: ([key]) => key, maxLength: 2 },
  )
  .map((all) => all.map(([key, value]) => `${key}=${value}`));
/** Mostly of names that the layer has for itself: a name that is there must be merged or replaced. */
function generators(own: string): fc.Arbitrary<Json[]> {
  return fc.uniqueArray(
    fc.record(
      {
        name: fc.constantFrom(own, `${own}-2`, own, `${own}-2`, 'cfg'),
        literals,
        files: fc.constantFrom(['data.txt'], ['key=data.txt'], ['data.bin']),
        envs: fc.constant(['data.env']),
        behavior: fc.constantFrom(...Array.from({ length: 12 }, () => 'create'), 'merge', 'replace'),
        options: fc.record(
          { disableNameSuffixHash: fc.boolean(), immutable: fc.boolean(), labels: pairs },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: ['name'] },
    ),
    { selector: (each) => each.name, minLength: 1, maxLength: 2 },
  );
}

const mergePatch = fc
  .oneof(
    fc.record({ replicas: fc.constantFrom(5, null) }),
    fc.record({
      template: fc.record({
        spec: fc.record(
          {
            containers: fc.array(
              fc.oneof(
                container,
                fc.record({ name: fc.constantFrom('main', 'side'), $patch: fc.constantFrom('delete', 'replace') }),
                fc.record({
                  name: fc.constantFrom('main', 'side'),
                  env: fc.constantFrom(null, [{ name: 'A', $patch: 'delete' }]),
                }),
              ),
              { maxLength: 2 },
            ),
            volumes: fc.constantFrom(
              null,
              [{ name: 'config', emptyDir: {} }],
              [{ $patch: 'replace' }, { name: 'new' }],
            ),
            imagePullSecrets: name.map((each) => [{ name: each }]),
          },
          { requiredKeys: [] },
        ),
      }),
    }),
    fc.record({ items: fc.array(fc.record({ name }), { maxLength: 2 }) }),
    fc.constant({ ports: [{ port: 80, protocol: 'TCP', name: 'http' }, { port: 443 }] }),
  )
  .chain((spec) =>
    fc.record({
      apiVersion: fc.constantFrom('apps/v1', 'v1', 'example.com/v1'),
      kind: fc.constantFrom('Deployment', 'Service', 'Widget'),
      metadata: fc.record(
        { name, annotations: fc.constantFrom({ tier: null }, { added: 'yes' }) },
        { requiredKeys: ['name'] },
      ),
      spec: fc.constant(spec),
    }),
  );
const jsonPatch = fc.array(
  fc.oneof(
    fc.record({
      op: fc.constant('add'),
      path: fc.constantFrom('/metadata/annotations/new', '/metadata/annotations', '/spec', '/metadata/labels'),
      value: fc.constantFrom<unknown>({ x: 'y' }, 'text'),
    }),
    fc.record({
      op: fc.constantFrom('add', 'replace'),
      path: fc.constantFrom(
        '/spec/replicas',
        '/metadata/labels/app',
        '/metadata/annotations/new',
        '/data/a',
        '/spec/ports/0/port',
        '/metadata/name',
      ),
      value: fc.constantFrom<unknown>(7, 'text', { nested: [1.5, null] }, '8'),
    }),
    fc.record({ op: fc.constant('remove'), path: fc.constantFrom('/spec', '/metadata/labels', '/data') }),
  ),
  { minLength: 1, maxLength: 2 },
);
const patch = fc.oneof(
  { arbitrary: fc.record({ patch: mergePatch.map((each) => printYaml(each)), target: selector }), weight: 4 },
  fc.record({ patch: jsonPatch.map((each) => printYaml(each)), target: selector }),
  fc.record({
    patch: mergePatch.map((each) => printYaml({ ...each, metadata: { name: 'renamed' } })),
    target: selector,
    options: fc.record({ allowNameChange: fc.boolean(), allowKindChange: fc.boolean() }, { requiredKeys: [] }),
  }),
);

/** What a feature names an object by. */
export interface Named {
  readonly kind: string;
  readonly name: string;
}

const SOURCE_PATHS: Readonly<Record<string, readonly string[]>> = {
  Deployment: [
    'spec.template.spec.containers.0.image',
    'spec.replicas',
    'spec.template.spec.containers.[name=main].name',
  ],
  Service: ['spec.selector', 'spec.ports.0.port', 'metadata.labels.app'],
  ConfigMap: ['data.a', 'data.[b.txt]', 'data'],
};

function replacement(present: readonly Named[]): fc.Arbitrary<Json> {
  const source = fc.constantFrom(...present).chain((object) =>
    fc.record(
      {
        kind: fc.constant(object.kind),
        name: fc.constant(object.name),
        fieldPath: fc.constantFrom(
          'metadata.name',
          'metadata.name',
          ...(SOURCE_PATHS[object.kind] ?? ['spec.missing']),
        ),
        options: fc.record({ delimiter: fc.constantFrom(':', '/', '-'), index: fc.constantFrom(0, 0, 1) }),
      },
      { requiredKeys: ['kind', 'name', 'fieldPath'] },
    ),
  );
  const target = fc.record(
    {
      select: fc.record(
        { kind: fc.constantFrom(...present.map((each) => each.kind)), name },
        { requiredKeys: ['kind'] },
      ),
      reject: fc.record({ name }).map((each) => [each]),
      fieldPaths: fc.constantFrom(
        ['metadata.annotations.copied'],
        ['metadata.annotations.copied'],
        ['spec.replicas'],
        ['spec.template.spec.containers.[name=main].image'],
        ['spec.template.spec.containers.*.name'],
        ['data.[b.txt]'],
        ['spec.ports.0.port'],
      ),
      options: fc.record(
        {
          create: fc.constantFrom(true, true, true, false),
          delimiter: fc.constant('-'),
          index: fc.constantFrom(-1, 0, 5),
        },
        { requiredKeys: ['create'] },
      ),
    },
    { requiredKeys: ['select', 'fieldPaths'] },
  );
  return fc.record({
    source,
    targets: fc.array(target, { minLength: 1, maxLength: 2 }),
  });
}

/** The names of the objects of a kind, or one that none has. */
function namesOf(present: readonly Named[], ofKind: string): string[] {
  const names = present.filter((each) => each.kind === ofKind).map((each) => each.name);
  return names.length === 0 ? ['missing'] : names;
}

const fields = (layer: string, present: readonly Named[]): fc.Arbitrary<Json> =>
  fc.record(
    {
      namespace,
      namePrefix: fc.constantFrom('dev-', '1'),
      nameSuffix: fc.constantFrom('-v2', '0'),
      commonLabels: pairs,
      labels: fc.array(
        fc.record(
          {
            pairs,
            includeSelectors: fc.boolean(),
            includeTemplates: fc.boolean(),
            fields: fc.constant([{ path: 'spec/labels', create: true, kind: 'Widget' }]),
          },
          { requiredKeys: ['pairs'] },
        ),
        { minLength: 1, maxLength: 2 },
      ),
      commonAnnotations: pairs,
      images: fc.array(
        fc.record(
          {
            name: fc.constantFrom('nginx', 'registry:5000/team/app', 'app', 'busy.*'),
            newName: fc.constantFrom('other', 'registry/other'),
            newTag: fc.constantFrom('2.0', '3'),
            digest: fc.constant('sha256:0123'),
            tagSuffix: fc.constant('-x'),
          },
          { requiredKeys: ['name'] },
        ),
        { minLength: 1, maxLength: 2 },
      ),
      replicas: fc.array(
        fc.record({ name: fc.constantFrom(...namesOf(present, 'Deployment')), count: fc.constantFrom(0, 4) }),
        { minLength: 1, maxLength: 1 },
      ),
      configMapGenerator: generators(layer),
      secretGenerator: generators(layer),
      generatorOptions: fc.record({ disableNameSuffixHash: fc.boolean(), annotations: pairs }, { requiredKeys: [] }),
      patches: fc.array(patch, { minLength: 1, maxLength: 2 }),
      replacements: fc.array(replacement(present), { minLength: 1, maxLength: 1 }),
      vars: fc
        .constantFrom(...namesOf(present, 'Service'))
        .map((each) => [
          { name: layer === 'o' ? 'SERVICE' : layer, objref: { apiVersion: 'v1', kind: 'Service', name: each } },
        ]),
      sortOptions: fc.constantFrom<Json>(
        { order: 'fifo' },
        { order: 'legacy' },
        { order: 'legacy', legacySortOptions: { orderFirst: ['Service'], orderLast: ['Namespace'] } },
      ),
      buildMetadata: fc.subarray(['originAnnotations', 'transformerAnnotations', 'managedByLabel']),
    },
    { requiredKeys: [] },
  );

/** Features that fail without an object of their kind. */
const NEEDED: Readonly<Record<string, string>> = { replicas: 'Deployment', vars: 'Service' };

/** What a layer does. Only some fields are kept: with all features at once nearly every build fails. */
export function someFields(layer: string, present: readonly Named[]): fc.Arbitrary<Json> {
  return fc.tuple(fields(layer, present), fc.infiniteStream(fc.nat(99))).map(([all, dice]) => {
    const kept = Object.entries(all).filter(([field]) => {
      const needed = NEEDED[field];
      const missing = needed !== undefined && !present.some((each) => each.kind === needed);
      return Number(dice.next().value) < (missing ? 2 : 30);
    });
    return Object.fromEntries(kept);
  });
}
