import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiMethod } from '../../../src/model/api-message.ts';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import {
  baseObject,
  collectionPath,
  type FuzzedResource,
  fuzzedResources,
  FuzzSubject,
  objectPath,
} from './fuzz-subject.ts';
import { hostileValue, mutated, mutation } from './hostile-values.ts';

const RUNS = Number(process.env['KUBE_LITE_FUZZ_RUNS'] ?? 12);

const pointer = fc
  .array(
    fc.constantFrom(
      'metadata',
      'spec',
      'data',
      'labels',
      'name',
      '0',
      '-',
      '-1',
      '99',
      '__proto__',
      '',
      '~1',
      '~',
      '*',
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.map((part) => `/${part}`).join(''));

const jsonPatch = fc.array(
  fc.record(
    {
      op: fc.constantFrom<unknown>('add', 'remove', 'replace', 'move', 'copy', 'test', 'nonsense', null, 1),
      path: fc.oneof({ weight: 5, arbitrary: pointer }, { weight: 1, arbitrary: hostileValue }),
      from: pointer,
      value: hostileValue,
    },
    { requiredKeys: ['op', 'path'] },
  ),
  { maxLength: 4 },
);

/** What strategic merge patch gives a meaning of its own, in places where it has one and where it has none. */
const directive = fc.record({
  name: fc.constantFrom('$patch', '$retainKeys', '$setElementOrder/containers', '$deleteFromPrimitiveList/finalizers'),
  value: fc.oneof(fc.constantFrom<unknown>('replace', 'delete', 'merge', ['name'], [{ name: 'a' }]), hostileValue),
  at: fc.constantFrom('', 'spec', 'metadata', 'data'),
});

interface Change {
  readonly contentType: string;
  readonly body: unknown;
}

function changes(resource: FuzzedResource): fc.Arbitrary<Change> {
  const base = baseObject(resource, 'fuzz');
  const merge = fc.array(mutation, { maxLength: 4 }).map((mutations) => mutated(base, mutations));
  const strategic = fc.tuple(merge, fc.array(directive, { maxLength: 3 })).map(([body, directives]) => {
    for (const { name, value, at } of directives) {
      const place = at === '' ? body : body[at];
      if (typeof place === 'object' && place !== null) Object.assign(place, { [name]: value });
    }
    return body;
  });
  return fc.oneof(
    jsonPatch.map((body) => ({ contentType: 'application/json-patch+json', body })),
    merge.map((body) => ({ contentType: 'application/merge-patch+json', body })),
    strategic.map((body) => ({ contentType: 'application/strategic-merge-patch+json', body })),
    hostileValue.map((body) => ({ contentType: 'application/merge-patch+json', body })),
    hostileValue.map((body) => ({ contentType: 'application/json-patch+json', body })),
    hostileValue.map((body) => ({ contentType: 'application/strategic-merge-patch+json', body })),
    hostileValue.map((body) => ({ contentType: 'application/apply-patch+yaml', body })),
  );
}

const withInput = fuzzedResources
  .filter(({ input }) => input !== undefined)
  .map((resource) => ({ name: `${resource.info.group}/${resource.info.version} ${resource.info.plural}`, resource }));

describe.each(withInput)('any patch of $name', ({ resource }) => {
  it('is refused with a reason, or answers what is then read', async () => {
    const base = baseObject(resource, 'fuzz');
    await fc.assert(
      fc.asyncProperty(changes(resource), async ({ contentType, body }) => {
        const subject = new FuzzSubject();
        const created = await subject.send('POST', collectionPath(resource.info), base);
        expect(created).toMatchObject({ status: 201 });
        const path = objectPath(resource.info, (created.body as KubeObject).metadata.name ?? '');
        const patched = await subject.send('PATCH', `${path}?fieldManager=fuzz`, body, contentType);
        if (patched.status !== 200 || (patched.body as KubeObject).metadata.deletionTimestamp !== undefined) return;
        expect(await subject.send('GET', path)).toMatchObject({ status: 200, body: patched.body });
      }),
      { numRuns: RUNS },
    );
  });
});

const QUERIES = [
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'labelSelector',
  'fieldSelector',
  'fieldManager',
  'fieldValidation',
  'dryRun',
  'force',
  'propagationPolicy',
  'gracePeriodSeconds',
  'pretty',
  'sendInitialEvents',
  'timeoutSeconds',
];

const query = fc
  .dictionary(
    fc.constantFrom(...QUERIES),
    fc.oneof(
      fc.constantFrom(
        '0',
        '1',
        '-1',
        'true',
        'All',
        '99999999999999999999',
        'a=b',
        'a in (',
        '!',
        'metadata.name=x',
        '%00',
      ),
      fc.string({ unit: 'binary', maxLength: 10 }),
    ),
    { maxKeys: 3 },
  )
  .map((parts) => new URLSearchParams(parts).toString());

describe('any request', () => {
  const paths = fuzzedResources.flatMap(({ info }) => [
    collectionPath(info),
    objectPath(info, 'fuzz'),
    ...info.subresources.map((subresource) => `${objectPath(info, 'fuzz')}/${subresource}`),
  ]);
  const odd = [
    '/',
    '/api',
    '/apis/',
    '/api/v1/',
    '/api/v1/namespaces/%zz/pods',
    '/apis/__proto__/v1/toString',
    '/api/v1/constructor',
    '/openapi/v3',
    '/version',
    '/api/v1/namespaces//pods',
    '/api/v1/namespaces/default/pods/a/b/c',
  ];
  it('is answered', async () => {
    const subject = new FuzzSubject();
    const path = fc.constantFrom(...paths, ...odd);
    const method = fc.constantFrom<ApiMethod>('GET', 'POST', 'PUT', 'DELETE');
    await fc.assert(
      fc.asyncProperty(
        path,
        method,
        query,
        fc.option(hostileValue, { nil: undefined }),
        async (at, verb, asked, body) => {
          await subject.send(verb, `${at}?${asked}`, verb === 'GET' ? undefined : body);
        },
      ),
      { numRuns: RUNS * 100 },
    );
  });
});
