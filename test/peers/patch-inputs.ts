import fc from 'fast-check';
import { compareBytes } from '../../src/model/byte-order.ts';
import { goText } from '../../src/model/go-text.ts';
import { isJsonObject } from '../../src/model/json-value.ts';
import type { JsonObject, JsonValue } from '../../src/model/json-value.ts';
import { typeForKind } from '../../src/model/schema/schema.ts';
import type { TypeSchema } from '../../src/model/schema/type-schema.ts';

/** Small alphabets, so that a patch meets what is there. */
const name = fc.constantFrom('a', 'b', 'c', 'd');
const port = fc.constantFrom(53, 80, 443);
const text = fc.constantFrom('x', 'y', '1', '');
const sparse = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { requiredKeys: [] });
const plain = (arbitrary: fc.Arbitrary<unknown>) => arbitrary as fc.Arbitrary<JsonObject>;
const list = (item: fc.Arbitrary<unknown>, maxLength = 4) => fc.array(item, { maxLength });
const labels = fc.dictionary(name, text, { maxKeys: 3 });

const env = sparse({ name, value: text });
const container = fc.record(
  {
    name,
    image: text,
    env: fc.uniqueArray(fc.record({ name, value: text }), { maxLength: 3, selector: (each) => each.name }),
    ports: list(fc.record({ containerPort: port, protocol: fc.constantFrom('TCP', 'UDP') }), 3),
    args: list(text, 3),
    securityContext: fc.record({ privileged: fc.boolean() }),
  },
  { requiredKeys: ['name'] },
);
const containers = fc.uniqueArray(container, { maxLength: 4, selector: (each) => each.name });
const volume = fc.record({ name, emptyDir: sparse({ medium: text }) });
const metadata = fc.record(
  { name: fc.constant('it'), labels, finalizers: fc.uniqueArray(name, { maxLength: 3 }) },
  { requiredKeys: ['name'] },
);

const pod = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Pod'),
  metadata,
  spec: sparse({
    containers,
    volumes: fc.uniqueArray(volume, { maxLength: 3, selector: (each) => each.name }),
    tolerations: list(fc.record({ key: name, value: text }), 2),
    nodeSelector: labels,
    nodeName: text,
  }),
});
const deployment = fc.record({
  apiVersion: fc.constant('apps/v1'),
  kind: fc.constant('Deployment'),
  metadata,
  spec: sparse({
    replicas: port,
    strategy: sparse({ type: text, rollingUpdate: sparse({ maxSurge: port }) }),
    template: fc.record({ spec: sparse({ containers }) }),
  }),
});

/** Objects of two built-in kinds. */
export const objects = plain(fc.oneof(pod, deployment));

/** Two or three objects of one kind, as the sides of a diff. */
export const objectPairs = fc.oneof(fc.tuple(pod, pod), fc.tuple(deployment, deployment)) as unknown as fc.Arbitrary<
  [JsonObject, JsonObject]
>;
export const objectTriples = fc.oneof(
  fc.tuple(pod, pod, pod),
  fc.tuple(deployment, deployment, deployment),
) as unknown as fc.Arbitrary<[JsonObject, JsonObject, JsonObject]>;

const pointer = fc.oneof(
  fc.constantFrom(
    '/metadata/labels',
    '/metadata/labels/a',
    '/metadata/name',
    '/spec/nodeName',
    '/spec',
    '/metadata/zz/y',
  ),
  fc
    .tuple(
      fc.constantFrom(
        '/spec/containers',
        '/metadata/finalizers',
        '/spec/template/spec/containers',
        '/spec/containers/0/env',
      ),
      fc.constantFrom('', '/0', '/1', '/-1', '/-', '/7', '/x', '/+0', '/99999999999999999999', '/0/name', '/0/image'),
    )
    .map((parts) => parts.join('')),
);
const value = fc.oneof(text, port, fc.constant(null), labels, fc.constantFrom(['a'], { 'a/b': 1, 'm~n': [2] }));
const operation = fc.oneof(
  fc.record({ op: fc.constantFrom('add', 'replace', 'add', 'test'), path: pointer, value }),
  fc.record({ op: fc.constant('remove'), path: pointer }),
  fc.record({ op: fc.constantFrom('move', 'copy'), from: pointer, path: pointer }),
  fc.constantFrom<JsonObject>(
    { op: 'frob', path: '/a' },
    { op: 'add' },
    { op: 'move', path: '/spec/x' },
    { op: 'test', path: 3 },
  ),
);
export const jsonPatches = fc.array(operation, { minLength: 1, maxLength: 4 }) as unknown as fc.Arbitrary<JsonValue>;

const nullable = (arbitrary: fc.Arbitrary<unknown>) => fc.option(arbitrary, { freq: 6 });
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.constant(null),
    list(tie('value'), 3),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
})).value;

export const mergePatches = plain(
  sparse({
    metadata: sparse({
      labels: nullable(fc.dictionary(name, nullable(text), { maxKeys: 3 })),
      finalizers: nullable(list(name)),
    }),
    spec: sparse({
      containers: nullable(fc.oneof(list(sparse({ name, image: nullable(text) })), anything)),
      nodeSelector: anything,
      strategy: nullable(anything),
      tolerations: anything,
    }),
  }),
);

const directive = fc.constantFrom('delete', 'replace', 'merge', 'frob');
const keys = (key: string, values: fc.Arbitrary<unknown>) => list(values.map((each) => ({ [key]: each })));
const envPatch = fc.oneof(
  { arbitrary: fc.uniqueArray(env, { maxLength: 3, selector: (each) => each.name }), weight: 6 },
  { arbitrary: list(sparse({ name, value: nullable(text), $patch: directive }), 3), weight: 1 },
);
const containerPatch = fc.oneof(
  {
    arbitrary: fc.record(
      {
        name,
        image: nullable(text),
        env: nullable(envPatch),
        '$setElementOrder/env': keys('name', name),
        ports: nullable(list(sparse({ containerPort: port, protocol: fc.constantFrom('TCP', 'UDP') }), 3)),
        '$setElementOrder/ports': keys('containerPort', port),
        args: nullable(list(text, 3)),
        securityContext: nullable(sparse({ privileged: fc.boolean(), $patch: directive })),
      },
      { requiredKeys: ['name'] },
    ),
    weight: 8,
  },
  { arbitrary: fc.record({ name, $patch: fc.constant('delete') }), weight: 3 },
  { arbitrary: sparse({ name, image: text, $patch: directive }), weight: 1 },
);
const containersPatch = fc.uniqueArray(containerPatch, {
  maxLength: 3,
  selector: (each) => (each as JsonObject)['name'],
});
const orders = { '$setElementOrder/containers': keys('name', name) };
const podSpecPatch = {
  containers: nullable(containersPatch),
  ...orders,
  volumes: nullable(
    list(
      sparse({
        name,
        emptyDir: nullable(sparse({ medium: text })),
        hostPath: fc.record({ path: text }),
        $retainKeys: list(fc.constantFrom('name', 'emptyDir', 'hostPath')),
      }),
      3,
    ),
  ),
  tolerations: nullable(list(sparse({ key: name }), 2)),
  nodeSelector: nullable(
    fc.dictionary(fc.constantFrom('a', 'b', 'c', '$patch'), nullable(fc.constantFrom('x', 'replace', 'delete')), {
      maxKeys: 3,
    }),
  ),
  nodeName: nullable(text),
  unknownField: anything,
};
const metadataPatch = sparse({
  labels: nullable(fc.dictionary(name, nullable(text), { maxKeys: 3 })),
  finalizers: nullable(fc.uniqueArray(fc.constantFrom('c', 'd'), { maxLength: 2 })),
  '$deleteFromPrimitiveList/finalizers': list(fc.constantFrom('a', 'b'), 2),
  '$setElementOrder/finalizers': list(name, 3),
});

export const strategicPatches = plain(
  fc.oneof(
    sparse({ metadata: metadataPatch, spec: sparse(podSpecPatch) }),
    sparse({
      metadata: metadataPatch,
      spec: sparse({
        replicas: nullable(port),
        strategy: sparse({
          type: text,
          rollingUpdate: nullable(sparse({ maxSurge: port })),
          $retainKeys: list(fc.constantFrom('type', 'rollingUpdate')),
        }),
        template: sparse({ spec: sparse(podSpecPatch), $patch: directive }),
      }),
    }),
  ),
);

/** Whether no container lists a port twice: the merge key of ports is their number alone, which loses one of two protocols. */
export function hasUniquePorts(object: JsonObject): boolean {
  return !/"ports":\[[^\]]*"containerPort":(\d+)[^\]]*"containerPort":\1\D/.test(JSON.stringify(object));
}

/**
 * The object with its list of scalars sorted. Upstream sorts that list of the original before it asks whether the order
 * changed, and so overlooks a new order that is the sorted one, and sends an old one that is not.
 */
export function withSortedFinalizers(object: JsonObject): JsonObject {
  const metadata = object['metadata'];
  const finalizers = isJsonObject(metadata) ? metadata['finalizers'] : undefined;
  if (!isJsonObject(metadata) || !Array.isArray(finalizers)) return object;
  return {
    ...object,
    metadata: { ...metadata, finalizers: finalizers.toSorted((a, b) => compareBytes(goText(a), goText(b))) },
  };
}

/** The type of one of these objects. */
export function typeOf(object: JsonObject): TypeSchema {
  const type = object['kind'] === 'Pod' ? typeForKind('v1', 'Pod') : typeForKind('apps/v1', 'Deployment');
  if (!type) throw new Error('unknown kind');
  return type;
}
