import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goBytes, goString } from '../../src/model/go-template/go-bytes.ts';
import { UserError } from '../../src/model/user-error.ts';
import { GoTemplatePrinter } from '../../src/printers/go-template-printer.ts';
import { runKubectl } from './run-kubectl.ts';

const RUNS = Number(process.env['KUBE_LITE_PEER_RUNS'] ?? 40);
/** Templates that kubectl is given at once; starting it is what takes time. */
const BATCH = 12;

const OBJECT = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'it', namespace: 'default', labels: { x: 'y', v9: 'a', v10: 'b' } },
  data: {
    a: '1',
    multi: 'line1\nline2',
    html: '<&\'">=',
    tab: 'a\tb\\',
    b64: 'aGVsbG8=',
    raw64: '//4AgQ==',
    é: '日本😀',
    ctl: '\u0001\u00a0\u2028',
  },
  numbers: [3, 1, 2.5, -4, 1234567.5, 0.00001, 1e21, 0, 123456789012, 100000.0, 1e-7],
  rows: [
    { name: 'p', n: 1, f: 1.5, ok: true, tags: ['t1', 't2'], nil: null },
    { name: 'q', n: 2, f: 2.5, ok: false, tags: [] },
    { name: 'r', n: 3, nested: { deep: [{ name: 'd' }] } },
  ],
  nil: null,
  empty: {},
  none: [],
  zero: 0,
  no: false,
  blank: '',
  mixed: ['s', null, 1, true, { k: 1.5 }, [2]],
};

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

function ours(text: string, allowMissingKeys: boolean): Printed {
  let stdout = '';
  try {
    const sink = {
      write: (part: string | Uint8Array) => void (stdout += typeof part === 'string' ? part : goString(part)),
    };
    new GoTemplatePrinter(text, { allowMissingKeys }).print(OBJECT, sink);
    return { stdout, stderr: '' };
  } catch (error) {
    if (error instanceof UserError) return { stdout, stderr: `error: ${error.message}`.replace(/\n*$/, '\n') };
    throw error;
  }
}

async function kubectl(text: string, allowMissingKeys: boolean): Promise<Printed> {
  const print = ['patch', '--local', '-f', '-', '--type=merge', '-p', '{"kind":"ConfigMap"}'];
  const flags = ['-o', `go-template=${text}`, `--allow-missing-template-keys=${allowMissingKeys}`];
  const { stdout, stderr } = await runKubectl([...print, ...flags], JSON.stringify(OBJECT));
  return { stdout, stderr: stderr.replace(/\n*$/, '\n').replace(/^\n$/, '') };
}

/** Both print the same. Bytes that are no text are compared as what decoding makes of them. */
async function agree(text: string, allowMissingKeys = true): Promise<void> {
  const actual = ours(text, allowMissingKeys);
  const decoded = { ...actual, stdout: goBytes(actual.stdout).toString('utf8') };
  expect(decoded, text).toEqual(await kubectl(text, allowMissingKeys));
}

/** Many templates that do not fail share one run of kubectl; those that fail get one each. */
async function allAgree(texts: readonly string[]): Promise<void> {
  const fine = texts.filter((text) => ours(text, true).stderr === '');
  const failing = texts.filter((text) => !fine.includes(text));
  const all = fine.map((text, index) => `[${index}:${text}]\n`).join('');
  if (all !== '') await agree(all);
  for (const text of failing) await agree(text);
}

const operand = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(
    '.', '$', '.data.a', '.data.multi', '.data.html', '.data.tab', '.data.é', '.data.ctl', '.numbers', '.rows', '.nil', '.empty',
    '.none', '.zero', '.no', '.blank', '.zz', '.zz.y', '.nil.x', '.data.a.b', '.metadata.labels', '.kind', '.mixed',
    '$.metadata.name', '.data.b64', '.data.raw64', '(index .numbers 2)', '(index .rows 0).name', '(len .rows)', '.rows.x',
    '(index .mixed 1)', '(index .data "a")', '(index .data "zz")', '(.data).a', '$.rows', '(index "abc" 1)',
  ) },
  { weight: 3, arbitrary: fc.constantFrom(
    '0', '1', '-1', '2', '3.5', '1e3', '0x1F', "'x'", '1_000', '0b11', '0o17', '"str"', '`raw`', '""', '"a\\tb\\x41\\u00e9"', 'true',
    'false', 'nil', '"y"', '"\\xff"', '1.0', '100000.0', '1e6', '.5', '9223372036854775808', "'\\n'", '"日本"',
  ) },
); // prettier-ignore
const verb = fc
  .tuple(
    fc.constantFrom('', '-', '+', '#', ' ', '0', '+0', '-0', '# ', '[1]', '[2]', '[9]', '[x]'),
    fc.constantFrom('', '', '5', '12', '*'),
    fc.constantFrom('', '', '.2', '.0', '.8', '.', '.*'),
    fc.constantFrom(...Array.from('vdsqtfFgGeExXboOcUTz%')),
  )
  .map((parts) => `%${parts.join('')}`);
const format = fc
  .array(fc.oneof({ arbitrary: verb, weight: 4 }, { arbitrary: fc.constantFrom('x', ' ', '|', '%', 'é'), weight: 1 }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => `"${parts.join('')}"`);
const call = fc.oneof(
  fc.tuple(fc.constantFrom('and', 'or', 'eq', 'print', 'println', 'html', 'js', 'urlquery', 'index', 'slice', 'exists'), fc.array(operand, { maxLength: 3 })),
  fc.tuple(fc.constantFrom('ne', 'lt', 'le', 'gt', 'ge'), fc.tuple(operand, operand)),
  fc.tuple(fc.constantFrom('not', 'len', 'base64decode', 'call', 'nope'), fc.tuple(operand)),
  fc.tuple(format.map((text) => `printf ${text}`), fc.array(operand, { maxLength: 3 })),
); // prettier-ignore
const command = fc.oneof(
  { weight: 3, arbitrary: call.map(([name, args]) => [name, ...args].join(' ')) },
  { weight: 2, arbitrary: operand },
);
const pipeline = fc
  .tuple(
    command,
    fc.array(fc.constantFrom('len', 'print', 'html', 'printf "%v"', 'printf "%5q|%-4v"', 'not', 'index $.rows', 'base64decode', 'eq 1', 'and 1', 'or 0'), { maxLength: 2 }),
  )
  .map(([first, rest]) => [first, ...rest].join(' | ')); // prettier-ignore
const action = fc.oneof(
  { weight: 6, arbitrary: pipeline.map((text) => `{{${text}}}`) },
  { weight: 1, arbitrary: pipeline.map((text) => ` {{- ${text} -}} ;`) },
  { weight: 1, arbitrary: pipeline.map((text) => `{{$x := ${text}}}{{$x}}{{$x = 1}}{{printf "%T" $x}}`) },
  { weight: 1, arbitrary: fc.constantFrom('text', '{{/* note */}}', ' \n{{- /* note */ -}}\n ') },
);
const body = fc.array(action, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(''));
const statement = fc.oneof(
  { weight: 4, arbitrary: action },
  { weight: 1, arbitrary: fc.tuple(pipeline, body, body).map(([test, yes, no]) => `{{if ${test}}}${yes}{{else}}${no}{{end}}`) },
  { weight: 1, arbitrary: fc.tuple(pipeline, pipeline, body).map(([one, two, yes]) => `{{if ${one}}}1{{else if ${two}}}2${yes}{{else}}3{{end}}`) },
  { weight: 1, arbitrary: fc.tuple(pipeline, body, body).map(([of, yes, no]) => `{{with ${of}}}${yes}{{else}}${no}{{end}}`) },
  { weight: 1, arbitrary: fc.tuple(operand, pipeline, body).map(([of, two, yes]) => `{{with $w := ${of}}}{{$w}}{{else with ${two}}}${yes}{{end}}`) },
  { weight: 2, arbitrary: fc.tuple(operand, body, body).map(([of, each, no]) => `{{range ${of}}}${each},{{else}}${no}{{end}}`) },
  { weight: 2, arbitrary: operand.map((of) => `{{range $i, $v := ${of}}}{{$i}}={{$v}}{{if eq (print $i) "1"}}{{continue}}{{end}}{{printf "%T%T" $i $v}},{{if eq (print $v) "2"}}{{break}}{{end}}{{end}}`) },
  { weight: 1, arbitrary: operand.map((of) => `{{$s := 0}}{{range $s = ${of}}}{{$s}}{{end}}{{$s}}`) },
  { weight: 1, arbitrary: fc.tuple(operand, body).map(([of, inner]) => `{{block "b" ${of}}}${inner}{{end}}`) },
); // prettier-ignore
const template = fc.array(statement, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(''));

const token = fc.constantFrom(
  '{{', '}}', '{{', '}}', '{{-', '-}}', '{{- ', ' -}}', '.a', '.', '$', '$x', ' ', ' ', '\n', '|', '(', ')', ':=', '=', ',', '"s"', '"', '`', "'",
  '/*', '*/', 'if', 'else', 'end', 'range', 'with', 'define', 'block', 'template', 'break', 'continue', 'nil', 'true', 'len', 'foo',
  '1', '1.5e', '0x', '1_', '08', '-', '+', '!', 'é', '\u0001', '"d"', "'ab'", 'text that is long', '{{end}}', '{{else}}', '{{if .}}', '{{range .}}',
  '{{define "d"}}', '{{with .}}', '{{$x := 1}}', '%', '..', '.1', '😀',
); // prettier-ignore
const broken = fc.array(token, { minLength: 1, maxLength: 7 }).map((parts) => parts.join(''));

describe('templates, as the real kubectl prints them', () => {
  it.each([
    '{{define "t"}}<{{.}}{{$}}>{{end}}{{template "t"}}{{template "t" .kind}}{{template "t" .nil}}',
    '{{define "a"}}{{template "a"}}{{end}}{{template "a"}}',
    '{{define "a"}}1{{end}}{{define "a"}} {{end}}{{template "a"}}',
    '{{define "output"}}1{{end}}',
    '{{define "a"}}1{{end}}{{define "a"}}2{{end}}',
    '{{template "none" .}}',
    '{{range 3}}{{.}}{{else}}none{{end}}{{range 0}}{{else}}none{{end}}{{range $i := 2}}{{$i}}{{end}}',
    '{{range $i, $v := 3}}{{end}}',
    '{{range $k, $v := .data}}{{$k}}={{$v}};{{end}}',
    '{{base64decode .data.raw64}}{{"//4AgQ==" | base64decode | printf "%q %x %+q"}}',
    '{{"=" | base64decode}}',
    '{{len "日本"}}{{index "日本" 1}}{{slice "日本" 1 4 | printf "%q"}}',
    '{{printf "%s %d" .mixed .mixed}}',
    '{{eq .rows .rows}}',
    '{{eq .rows .empty}}',
    '{{eq .nil nil}}{{eq .zz .nil}}{{eq .empty .nil}}{{ne .none nil}}',
    '{{print 1 2 "a" "b" 3 nil}}{{println}}{{print}}',
    '{{.Values | not}}',
    '{{.data.zz}}\n\n {{ .data.a.b }}',
    '{{ index .rows 9 }}',
    '{{range .mixed}}{{.}},{{end}}{{range .mixed}}{{.x}}{{end}}',
    'a\n{{if .x}}\n{{end',
    '{{$x}}',
    '{{break}}',
    '{{"a\nb"}}',
    '{{printf "%!"}}{{printf "%*d|%-*d|%.*f" 5 1 4 2 2 3.14159}}{{printf "%[2]d %[1]d" 1 2}}{{printf "%[3]d %d" 1 2}}',
  ])('%s', async (text) => {
    await agree(text);
    await agree(text, false);
  });

  it('of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(template, { minLength: BATCH, maxLength: BATCH }), (texts) => allAgree(texts)),
      { numRuns: Math.ceil(RUNS / 8), endOnFailure: true },
    );
  });

  it('without missing keys', async () => {
    await fc.assert(
      fc.asyncProperty(template, (text) => agree(text, false)),
      { numRuns: RUNS, endOnFailure: true },
    );
  });

  it('that cannot be parsed', async () => {
    await fc.assert(
      fc.asyncProperty(broken, (text) => agree(text)),
      { numRuns: RUNS * 2, endOnFailure: true },
    );
  });
});
