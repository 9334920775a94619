import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareBytes } from '../../src/model/byte-order.ts';
import { UserError } from '../../src/model/user-error.ts';
import { CustomColumnsPrinter } from '../../src/printers/custom-columns-printer.ts';
import { JsonPathPrinter } from '../../src/printers/jsonpath-printer.ts';
import type { ResourcePrinter } from '../../src/printers/resource-printer.ts';
import { CannedApiServer } from './canned-api-server.ts';
import { runKubectl } from './run-kubectl.ts';

const RUNS = Number(process.env['KUBE_LITE_PEER_RUNS'] ?? 40);

const OBJECT = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'it', namespace: 'default', labels: { 'a.b/c': 'dotted', x: 'y' } },
  data: { a: '1', multi: 'line1\nline2', html: '<&>', tab: 'a\tb' },
  numbers: [3, 1, 2.5, -4, 1234567.5, 0.00001],
  items2: [
    { name: 'p', n: 1, f: 1.5, ok: true, tags: ['t1', 't2'], nil: null },
    { name: 'q', n: 2, f: 2.5, ok: false, tags: [] },
    { name: 'r', n: 3, nested: { deep: [{ name: 'd' }] } },
  ],
  nil: null,
  empty: {},
  none: [],
};

/** What our printer writes, or the error's text. */
function ours(make: () => ResourcePrinter): string {
  let text = '';
  try {
    make().print(OBJECT, { write: (part) => void (text += part) });
    return text;
  } catch (error) {
    if (error instanceof UserError) return `error: ${error.message}`.replace(/\n*$/, '\n');
    throw error;
  }
}

async function kubectl(args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runKubectl(args, JSON.stringify(OBJECT));
  return status === 0 ? stdout : stderr.replace(/\n*$/, '\n');
}

async function agree(format: string, args: string[], make: () => ResourcePrinter): Promise<void> {
  const actual = ours(make);
  // Go walks the fields of an object in random order. Then only the characters printed are the same, not their places,
  // and which of several errors comes first is up to chance.
  const isRandom = /[.][.]|[.][*]/.test(format);
  const normal = (text: string) =>
    isRandom ? Array.from(text.replaceAll(/\s/g, '')).sort(compareBytes).join('') : text;
  const expected = await kubectl(args);
  const seen = new Set([normal(expected)]);
  for (let tries = isRandom ? 30 : 0; tries > 0 && !seen.has(normal(actual)); tries--) {
    seen.add(normal(await kubectl(args)));
  }
  // It does not agree with itself: what it takes of a field that came first is up to chance as well.
  if (isRandom && seen.size > 1) return;
  // It panics on what an empty range does to a list; there is nothing to agree with.
  if (!expected.startsWith('panic:')) expect(normal(actual)).toBe(normal(expected));
}

const field = fc.constantFrom(
  '.items2', '.name', '.n', '.numbers', '.data', '.metadata', '.labels', '.nil', '.zz', '.nested', '.deep', '.tags', '.empty',
  '.none', ".metadata.labels['a\\.b/c']", "['data']", "['name','n']", '.metadata.labels.a\\.b/c', '.kind', '.', '.*',
); // prettier-ignore
const index = fc.constantFrom(
  '[0]', '[1]', '[-1]', '[-2:]', '[:]', '[*]', '[0:2]', '[:-1]', '[::2]', '[0:3:2]', '[5]', '[-9]', '[2:1]', '[1:1]', '[0,2]',
  '[]', '[:0]', '[::-1]', '[a]', '[-]', '[0:1:0]', "[0,'x']",
); // prettier-ignore
const filter = fc
  .tuple(
    fc.constantFrom(
      '@.name',
      '@.n',
      '@.f',
      '@.ok',
      '@',
      '@.zz',
      '@.tags[0]',
      '@.tags',
      '@.nil',
      '@.nested.deep[*].name',
    ),
    fc.constantFrom('', '==', '!=', '<', '>=', '>', '<=', '=', '=='),
    fc.constantFrom('"q"', "'q'", '1', '2.5', '1.0', 'true', '"a)b"', '-4', '@.n', 'q'),
  )
  .map(([left, operator, right]) => `[?(${left}${operator}${operator === '' ? '' : right})]`);
const tail = fc.array(
  fc.oneof({ arbitrary: field, weight: 4 }, { arbitrary: index, weight: 2 }, { arbitrary: filter, weight: 1 }),
  {
    maxLength: 3,
  },
);
const start = fc.constantFrom(
  '.items2[*]',
  '.items2',
  '.numbers',
  '.data',
  '',
  '$',
  '@',
  '..name',
  '.metadata',
  '..',
  '.items2[0]',
);
const path = fc.tuple(start, tail).map(([first, rest]) => first + rest.join(''));
const literal = fc.constantFrom(
  '{"\\n"}',
  "{'\\t'}",
  '{"a\\"b"}',
  '{1.50}',
  '{true}',
  '{-3}',
  '{"\\x41\\u00e9"}',
  ' text ',
  '}',
  '{"\\z"}',
);
const broken = fc.constantFrom(
  '{',
  '{.a',
  '{#}',
  '{nope}',
  '{end}',
  '{"x}',
  '{.x[0}',
  '{.x[?(@.a}',
  '{.x[?(@.a)}',
  '{1.2.3}',
  '{....}',
  '{a b}',
  '{\t}',
);
const action = fc.oneof(
  { arbitrary: path.map((inside) => `{${inside}}`), weight: 8 },
  { arbitrary: literal, weight: 3 },
  { arbitrary: path.chain((outer) => path.map((inner) => `{range ${outer}}{${inner}},{end}`)), weight: 3 },
  { arbitrary: fc.constant('{range .items2[*]}<{range .tags[*]}{@}{end}>{.name}{end}'), weight: 1 },
  { arbitrary: broken, weight: 1 },
);
const template = fc.array(action, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));

describe('JSONPath, as the real kubectl prints it', () => {
  const print = ['patch', '--local', '-f', '-', '--type=merge', '-p', '{"kind":"ConfigMap"}'];

  it('as text, also without missing keys', async () => {
    await fc.assert(
      fc.asyncProperty(template, fc.boolean(), (text, allowMissingKeys) =>
        agree(text, [...print, '-o', `jsonpath=${text}`, `--allow-missing-template-keys=${allowMissingKeys}`], () => {
          return new JsonPathPrinter(text, { allowMissingKeys });
        }),
      ),
      { numRuns: RUNS * 2 },
    );
  });

  it('as JSON', async () => {
    await fc.assert(
      fc.asyncProperty(template, (text) =>
        agree(text, [...print, '-o', `jsonpath-as-json=${text}`], () => new JsonPathPrinter(text, { asJson: true })),
      ),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });
});

describe('custom columns, as the real kubectl prints them', () => {
  let server: CannedApiServer;
  beforeAll(async () => {
    server = await CannedApiServer.start();
    server.object = OBJECT;
  });
  afterAll(() => server.stop());

  const column = fc.oneof(
    fc.constantFrom(
      '.data.multi',
      'metadata.name',
      '{.kind}',
      '{metadata.labels}',
      '.data.tab',
      '.items2[*].name',
      '.zz',
      '{x',
      '.nil',
      '',
    ),
    path,
  );
  const spec = fc.uniqueArray(fc.tuple(fc.constantFrom('A', 'BB', 'A LONG HEADER', ''), column), {
    minLength: 1,
    maxLength: 4,
  });

  it('from a spec', async () => {
    await fc.assert(
      fc.asyncProperty(spec, fc.boolean(), (columns, noHeaders) => {
        const text = columns.map((each) => each.join(':')).join(',');
        const flags = ['-s', server.url, `--no-headers=${noHeaders}`];
        return agree(text, ['get', 'configmaps', 'it', '-o', `custom-columns=${text}`, ...flags], () =>
          CustomColumnsPrinter.fromSpec(text, noHeaders),
        );
      }),
      { numRuns: RUNS },
    );
  });
});
