import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ManifestOptions, readManifests } from '../../src/manifests/read-manifests.ts';
import { ConnectionError } from '../../src/model/connection-error.ts';
import { printJson } from '../../src/model/json-printer.ts';

const { cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/manifests/read-by-kubectl.json', import.meta.url), 'utf8'),
) as { cases: { name: string; text?: string; base64?: string; out: string; err: string }[] };

/** js-yaml cannot tell what go-yaml saw of these keys; and the last has less of go-yaml's text. */
const DIFFERENT = new Set(['seqkey', 'bigkey', 'infkey', 'mapkey']);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kube-lite-manifests-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const CONFIG_MAP = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

async function write(files: Record<string, string | Buffer>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** What comes out, paths without the folder: `name (source#document)` for objects, the message of failures. */
async function read(filenames: string[], options: Partial<ManifestOptions> = {}): Promise<string[]> {
  const results: string[] = [];
  const all = readManifests({
    filenames: filenames.map((each) =>
      each === '-' || each.startsWith('http') ? each : path.join(folder, each) + (each.endsWith('/') ? '/' : ''),
    ),
    recursive: false,
    retryPause: 1,
    stdin: () => Promise.reject(new Error('standard input was not asked for')),
    ...options,
  });
  for await (const result of all) {
    results.push(
      'error' in result ? result.error.message : `${result.object.metadata.name} (${result.source}#${result.document})`,
    );
  }
  return results.map((each) => each.replaceAll(`${folder}/`, ''));
}

describe('documents as kubectl reads them', () => {
  it.each(cases.filter(({ name }) => !DIFFERENT.has(name)))('$name', async ({ name, text, base64, out, err }) => {
    const objects: string[] = [];
    const errors: string[] = [];
    const content = text === undefined ? Buffer.from(base64!, 'base64') : Buffer.from(text);
    await write({ [`${name}.yaml`]: content });
    const all = readManifests({
      filenames: [path.join(folder, `${name}.yaml`)],
      recursive: false,
      stdin: () => Promise.resolve(Buffer.alloc(0)),
    });
    for await (const result of all) {
      if ('error' in result) errors.push(result.error.message.replaceAll(`${folder}/`, ''));
      // What has no apiVersion gets an empty one here, which kubectl does not print.
      else if (result.object.apiVersion === '') objects.push(printed({ ...result.object, apiVersion: undefined }));
      else if (Object.keys(result.object.metadata).length === 0) {
        objects.push(printed({ ...result.object, metadata: undefined }));
      } else objects.push(printed(result.object));
    }
    const said = err.replace(/^error: /, '').trimEnd();
    expect(errors.join('\n')).toBe(said.startsWith('no objects passed') ? '' : said);
    expect(objects.join('')).toBe(out);
  });
});

function printed(object: unknown): string {
  return `${printJson(object, { sortKeys: true })}\n`;
}

describe('sources', () => {
  beforeAll(async () => {
    await write({
      'dir/one.yaml': CONFIG_MAP('d1'),
      'dir/two.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"d2"}}',
      'dir/ignored.txt': 'this is not a manifest',
      'dir/sub/three.yml': CONFIG_MAP('d3'),
      'empty-dir/x.txt': '',
      'a.yaml': CONFIG_MAP('a'),
      '[x].yaml': CONFIG_MAP('brackets'),
      'broken.yaml': `${CONFIG_MAP('before')}---\na: [\n---\n${CONFIG_MAP('never')}`,
      'three.yaml': `${CONFIG_MAP('first')}---\nkind: 5\n---\n${CONFIG_MAP('third')}`,
      'nokind.yaml': 'apiVersion: v1\nmetadata: {name: x}\n',
      'empty.yaml': '',
    });
    await symlink('dir', path.join(folder, 'link'));
  });

  it('are the files of a folder in order, those below only when asked', async () => {
    expect(await read(['dir'])).toEqual(['d1 (dir/one.yaml#1)', 'd2 (dir/two.json#1)']);
    expect(await read(['dir'], { recursive: true })).toEqual([
      'd1 (dir/one.yaml#1)',
      'd3 (dir/sub/three.yml#1)',
      'd2 (dir/two.json#1)',
    ]);
  });

  it('are patterns, unless a file has that very name', async () => {
    expect(await read(['dir/*.[jy]*'])).toEqual(['d1 (dir/one.yaml#1)', 'd2 (dir/two.json#1)']);
    expect(await read(['d*/sub/t?ree.yml'])).toEqual(['d3 (dir/sub/three.yml#1)']);
    expect(await read(['[x].yaml'])).toEqual(['brackets ([x].yaml#1)']);
    expect(await read(['nomatch*'])).toEqual(['the path "nomatch*" does not exist']);
    expect(await read(['[bad'])).toEqual(['pattern "[bad" is not valid: syntax error in pattern']);
    expect(await read(['dir/**/*.yml'])).toEqual(['d3 (dir/sub/three.yml#1)']);
  });

  it('are all read or none when one does not exist', async () => {
    expect(await read(['a.yaml', 'absent', 'absent2'])).toEqual([
      'the path "absent" does not exist',
      'the path "absent2" does not exist',
    ]);
    expect(await read(['empty-dir'])).toEqual([
      'error reading [empty-dir]: recognized file extensions are [.json .yaml .yml]',
    ]);
    expect(await read(['a.yaml', 'empty-dir'])).toEqual(['a (a.yaml#1)']);
  });

  it('follow a link to a folder only with a slash behind it', async () => {
    expect(await read(['link'])).toEqual(['error parsing link: read link: is a directory']);
    expect(await read(['link/'])).toEqual(['d1 (link/one.yaml#1)', 'd2 (link/two.json#1)']);
  });

  it('end at broken text, and the next one follows', async () => {
    expect(await read(['broken.yaml', 'a.yaml'])).toEqual([
      'before (broken.yaml#1)',
      'error parsing broken.yaml: error converting YAML to JSON: yaml: line 1: did not find expected node content',
      'a (a.yaml#1)',
    ]);
  });

  it('go on behind an object that cannot be decoded', async () => {
    expect(await read(['three.yaml'])).toEqual([
      'first (three.yaml#1)',
      `unable to decode "three.yaml": Object 'Kind' is missing in '{"kind":5}'`,
      'third (three.yaml#3)',
    ]);
  });

  it('end at a document that client-side validation refuses', async () => {
    const stop = 'if you choose to ignore these errors, turn validation off with --validate=false';
    expect(await read(['nokind.yaml', 'a.yaml'], { validate: true })).toEqual([
      `error validating "nokind.yaml": error validating data: kind not set; ${stop}`,
      'a (a.yaml#1)',
    ]);
    expect(await read(['three.yaml'], { validate: true })).toEqual([
      'first (three.yaml#1)',
      `error validating "three.yaml": error validating data: [apiVersion not set, kind isn't string type]; ${stop}`,
    ]);
  });

  it('may be standard input, once', async () => {
    const stdin = (): Promise<Buffer> => Promise.resolve(Buffer.from(CONFIG_MAP('piped')));
    expect(await read(['-'], { stdin })).toEqual(['piped (STDIN#1)']);
    expect(await read(['-', '-'], { stdin })).toEqual(['standard input cannot be used for multiple arguments']);
  });

  it('may be empty', async () => {
    expect(await read(['empty.yaml'])).toEqual([]);
  });

  it('are read one after the other', async () => {
    await write({ 'later.yaml': CONFIG_MAP('old') });
    const names: unknown[] = [];
    const all = readManifests({
      filenames: [path.join(folder, 'a.yaml'), path.join(folder, 'later.yaml')],
      recursive: false,
      stdin: () => Promise.resolve(Buffer.alloc(0)),
    });
    for await (const result of all) {
      if ('object' in result) names.push(result.object.metadata.name);
      if (names.length === 1) await write({ 'later.yaml': CONFIG_MAP('new') });
    }
    expect(names).toEqual(['a', 'new']);
  });

  it('stop at an abort', async () => {
    const abort = new AbortController();
    abort.abort(new Error('stopped'));
    await expect(read(['a.yaml'], { signal: abort.signal })).rejects.toThrow('stopped');
  });
});

describe('URLs', () => {
  const answers = (responses: (Response | Error)[]) => {
    const asked: string[] = [];
    const fetch = (url: string): Promise<Response> => {
      asked.push(url);
      const response = responses.shift();
      return response instanceof Response
        ? Promise.resolve(response)
        : Promise.reject(response ?? new Error('asked too often'));
    };
    return { asked, fetch };
  };
  const url = 'http://example.com/x.yaml';

  it('are downloaded', async () => {
    const { asked, fetch } = answers([new Response(CONFIG_MAP('web'))]);
    expect(await read([url], { fetch })).toEqual([`web (${url}#1)`]);
    expect(asked).toEqual([url]);
  });

  it('are tried again while the server fails', async () => {
    const { asked, fetch } = answers([new Response('', { status: 500 }), new Response(CONFIG_MAP('web'))]);
    expect(await read([url], { fetch })).toEqual([`web (${url}#1)`]);
    expect(asked).toHaveLength(2);
  });

  it('are not tried again when they are not there', async () => {
    const { asked, fetch } = answers([new Response('', { status: 404, statusText: 'Not Found' })]);
    expect(await read([url], { fetch })).toEqual([
      `unable to read URL "${url}", server reported 404 Not Found, status code=404`,
    ]);
    expect(asked).toHaveLength(1);
  });

  it('may end too early', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('a: b\n'));
        controller.error(new Error('reset'));
      },
    });
    expect(await read([url], { fetch: answers([new Response(body)]).fetch })).toEqual([
      `error parsing ${url}: unexpected EOF`,
    ]);
  });

  it('may have no server', async () => {
    const refused = (): Error =>
      new TypeError('fetch failed', {
        cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
      });
    const { asked, fetch } = answers([refused(), refused(), refused()]);
    const results = [];
    for await (const result of readManifests({
      filenames: [url],
      recursive: false,
      stdin: () => Promise.reject(new Error()),
      fetch,
      retryPause: 1,
    })) {
      results.push('error' in result ? result.error : result);
    }
    expect(results).toHaveLength(1);
    expect(results[0]).toBeInstanceOf(ConnectionError);
    expect(results[0]).toMatchObject({ failure: 'refused', address: 'example.com:80' });
    expect(asked).toHaveLength(3);
  });

  it('may be no URLs', async () => {
    expect(await read(['http://%zz'])).toEqual([
      'the URL passed to filename "http://%zz" is not valid: parse "http://%zz": invalid URL escape "%zz"',
    ]);
  });
});

describe('bounds', () => {
  it('streams many documents, whatever the file’s size', async () => {
    const document = `${CONFIG_MAP('big')}data:\n  text: ${'x'.repeat(200_000)}\n`;
    await write({ 'many.yaml': Array.from({ length: 150 }, () => document).join('---\n') });
    expect(await read(['many.yaml'])).toHaveLength(150);
  });

  it.each([
    ['one line', 'x'.repeat(70 * 1024 * 1024), 'the document is longer than 64 MiB; split it with "---" lines'],
    ['JSON', `{"a":"${'x'.repeat(70 * 1024 * 1024)}"}`, 'the JSON is longer than 64 MiB'],
    ['zeros', Buffer.alloc(70 * 1024 * 1024), 'the document is longer than 64 MiB; split it with "---" lines'],
  ])('refuses %s that is too long', async (_name, content, message) => {
    const started = performance.now();
    const stdin = (): Promise<Buffer> => Promise.resolve(Buffer.from(content));
    expect(await read(['-'], { stdin })).toEqual([`error parsing STDIN: ${message}`]);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
