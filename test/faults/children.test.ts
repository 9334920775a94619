import fs from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createAuthority, createServerCertificate } from '../../src/http/certificates.ts';
import { run } from '../commands/run-program.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-children-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const HIDDEN = 'do-not-show-me';
const ENCODED = Buffer.from(HIDDEN).toString('base64');
const SECRET = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  data: { p: ENCODED },
});

/** What a child was started with, and what it saw of its files: a line for each. */
interface Seen {
  readonly program: string;
  lines(): string[];
}

/** A program that notes its arguments, and the modes of the files and folders among them, and then does something. */
function child(name: string, then: string): Seen {
  const program = path.join(folder, name);
  const notes = `${program}.notes`;
  const script = [
    '#!/bin/sh',
    `for each in "$@"; do echo "argument $each" >> ${notes}; done`,
    `for each in "$@"; do [ -e "$each" ] && stat -c 'mode %a %n' "$each" >> ${notes}; done`,
    then,
  ];
  fs.writeFileSync(program, `${script.join('\n')}\n`, { mode: 0o755 });
  return {
    program,
    lines: () => fs.readFileSync(notes, 'utf8').trimEnd().split('\n'),
  };
}

function filesOf(lines: readonly string[]): { mode: string; file: string }[] {
  return lines.flatMap((line) => {
    const [, mode = '', file = ''] = /^mode (\d+) (.*)$/.exec(line) ?? [];
    return file === '' ? [] : [{ mode, file }];
  });
}

function expectHidden(text: string): void {
  expect(text).not.toContain(HIDDEN);
  expect(text).not.toContain(ENCODED);
}

interface Refusing {
  readonly cluster: object;
  readonly authorizations: string[];
  close(): void;
}

/** A server that refuses everybody, and says who asked. */
async function refusingServer(): Promise<Refusing> {
  const authority = await createAuthority(new Date());
  const pair = await createServerCertificate(authority, ['127.0.0.1'], new Date());
  const authorizations: string[] = [];
  const server = https.createServer(pair, (request, response) => {
    authorizations.push(request.headers.authorization ?? '');
    const status = {
      apiVersion: 'v1',
      kind: 'Status',
      status: 'Failure',
      message: 'no',
      reason: 'Forbidden',
      code: 403,
    };
    response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(status));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const ca = Buffer.from(authority.cert).toString('base64');
  return {
    cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': ca },
    authorizations,
    close: () => server.close(),
  };
}

describe('a child', () => {
  it('that edits a Secret gets a file for its owner alone, which is gone afterwards', async () => {
    const editor = child('editor', `sed -i 's/name: s$/name: s\\n  labels: {a: b}/' "$1"`);
    const env = { KUBE_LITE_DATA_DIR: path.join(folder, 'edit'), KUBE_EDITOR: editor.program };
    expect(await run(['create', '-f', '-'], { env, input: SECRET })).toMatchObject({ status: 0 });
    const before = process.umask(0);
    try {
      expect(await run(['edit', 'secret', 's'], { env })).toMatchObject({ status: 0 });
    } finally {
      process.umask(before);
    }
    expectHidden(editor.lines().join('\n'));
    const [edited] = filesOf(editor.lines());
    expect(edited?.mode).toBe('600');
    expect(fs.existsSync(edited?.file ?? '')).toBe(false);
  });

  it('that compares Secrets gets folders for their owner alone and masked values, all gone afterwards', async () => {
    const differ = child('differ', 'exec diff -r "$1" "$2"');
    const env = { KUBE_LITE_DATA_DIR: path.join(folder, 'diff'), KUBECTL_EXTERNAL_DIFF: differ.program };
    const before = process.umask(0);
    try {
      const { output, status } = await run(['diff', '-f', '-'], { env, input: SECRET });
      expect(status).toBe(1);
      expect(output).toContain('***');
      expectHidden(output);
    } finally {
      process.umask(before);
    }
    expectHidden(differ.lines().join('\n'));
    const folders = filesOf(differ.lines());
    expect(folders.map(({ mode }) => mode)).toEqual(['700', '700']);
    for (const { file } of folders) expect(fs.existsSync(file)).toBe(false);
  });

  it('that gives credentials is told none, and what it gives is in no log and no error', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: HIDDEN },
    };
    const plugin = child('plugin', `echo '${JSON.stringify(credential)}'`);
    const server = await refusingServer();
    try {
      const exec = {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: plugin.program,
        args: ['get', 'credentials'],
        interactiveMode: 'Never',
      };
      const env = kubeconfig('exec', server.cluster, { exec });
      for (const level of [0, 6, 7, 8, 9, 10]) {
        const { output, errors, status } = await run(['get', 'secrets', `-v=${level}`], { env });
        expect(status).toBe(1);
        expectHidden(output + errors);
      }
      expect(server.authorizations.length).toBeGreaterThan(0);
      expect(new Set(server.authorizations)).toEqual(new Set([`Bearer ${HIDDEN}`]));
      expect(new Set(plugin.lines())).toEqual(new Set(['argument get', 'argument credentials']));
    } finally {
      server.close();
    }
  });
});

function kubeconfig(name: string, cluster: object, user: object): Record<string, string> {
  const file = path.join(folder, `${name}.kubeconfig`);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'k', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
  };
  fs.writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return { KUBECONFIG: file, KUBE_LITE_BACKEND: 'api' };
}

describe('a log or an error', () => {
  it.each([
    ['a token', { token: HIDDEN }, []],
    ['a token of the command line', {}, [`--token=${HIDDEN}`]],
    ['a password', { username: 'u', password: HIDDEN }, []],
  ])('has no credentials: %s', async (_name, user, more) => {
    const server = await refusingServer();
    try {
      const env = kubeconfig('user', server.cluster, user);
      for (const level of [0, 6, 7, 8, 9, 10]) {
        for (const argv of [
          ['get', 'secrets'],
          ['create', '-f', '-'],
          ['get', '--raw', '/api'],
        ]) {
          const { output, errors } = await run([...argv, ...more, `-v=${level}`], { env, input: SECRET });
          expectHidden(output + errors);
          expect(output + errors).not.toContain(Buffer.from(`u:${HIDDEN}`).toString('base64'));
        }
      }
      expect(server.authorizations.some((each) => each !== '')).toBe(true);
    } finally {
      server.close();
    }
  });

  it('has nothing of a Secret that is written, patched, read or refused', async () => {
    const env = { KUBE_LITE_DATA_DIR: path.join(folder, 'log') };
    const wrong = SECRET.replace('"s"', '"no name"');
    const patch = JSON.stringify({ stringData: { p: HIDDEN } });
    for (const level of [0, 8, 10]) {
      for (const [argv, input] of [
        [['apply', '-f', '-'], SECRET],
        [['apply', '--server-side', '--force-conflicts', '-f', '-'], SECRET],
        [['create', '-f', '-'], SECRET],
        [['create', '-f', '-'], wrong],
        [['patch', 'secret', 's', '--type=merge', '-p', patch], ''],
        [['describe', 'secret', 's'], ''],
        [['get', 'secrets'], ''],
        [['delete', 'secret', 's'], ''],
      ] as const) {
        const { output, errors } = await run([...argv, `-v=${level}`], { env, input });
        expectHidden(output + errors);
      }
    }
  });
});
