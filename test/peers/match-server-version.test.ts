import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { kubectlVersion } from '../../src/model/version.ts';
import { type Ran, run } from '../commands/run-program.ts';
import { runKubectl } from './run-kubectl.ts';

/** What the server says of itself, and what it was asked. */
let answer: { status: number; body: unknown };
let asked: string[] = [];
let url: string;

const server = createServer((request, response) => {
  const place = (request.url ?? '').split('?')[0] ?? '';
  asked.push(place);
  const { status, body } =
    place === '/version'
      ? answer
      : { status: 404, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 } };
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
});

const FLAG = '--match-server-version';

/** Without what each program says of itself. */
function masked(errors: string): string {
  return errors.replace(/\(version\.Info\{.*?\}\)/, '(CLIENT)');
}

/** Runs both with the flag, and expects the same words and status; whether each asked, too. */
async function same(...argv: string[]): Promise<Ran> {
  const line = [argv[0] ?? '', FLAG, `--server=${url}`, ...argv.slice(1)];
  const theirs = await runKubectl(line);
  const theyAsked = asked.length > 0;
  asked = [];
  const ours = await run(line);
  expect({ status: ours.status, stdout: ours.output, stderr: masked(ours.errors) }).toEqual({
    ...theirs,
    stderr: masked(theirs.stderr),
  });
  expect({ argv, asked: asked.length > 0 }).toEqual({ argv, asked: theyAsked });
  return ours;
}

describe('--match-server-version, beside kubectl', () => {
  it.each([
    ['get', 'pods'],
    ['get', '--raw=/x'],
    ['create', 'configmap', 'a', '--dry-run=client'],
    ['apply', '-f', '/nonexistent'],
    ['diff', '-f', '/nonexistent'],
    ['exec', 'a', '--', 'ls'],
    ['wait', 'pod/a', '--for=delete'],
    ['rollout', 'status', 'deployment/a'],
    ['explain', 'pods'],
    ['api-resources'],
    ['auth', 'can-i', 'get', 'pods'],
    ['version'],
    ['port-forward', 'a', '80'],
  ])('stops %s %s', { timeout: 30_000 }, async (...argv) => {
    answer = { status: 200, body: { major: '1', minor: '35', gitVersion: 'v1.35.1', gitCommit: 'a"b', platform: 'p' } };
    const { errors } = await same(...argv);
    expect(errors).toContain('GitVersion:"v1.35.1", GitCommit:"a\\"b"');
    expect(errors).toContain(`differs from client version (version.Info{Major:"1", Minor:"35", EmulationMajor:""`);
    expect(asked).toEqual(['/version']);
  });

  it.each([
    ['config', 'current-context'],
    ['kustomize', '/nonexistent'],
    ['annotate', '--local', '-f', '/nonexistent', 'a=b'],
    ['set', 'image', '--local', '-f', '/nonexistent', 'a=b'],
    ['get', 'pods', '--watch=x'],
    ['create', 'configmap'],
  ])('does not ask for %s %s', { timeout: 30_000 }, async (...argv) => {
    await same(...argv);
    expect(asked).toEqual([]);
  });

  it('says why the version cannot be read', async () => {
    answer = { status: 401, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Unauthorized' } };
    await same('get', 'pods');
    answer = { status: 404, body: 'no' };
    await same('get', 'pods');
    const refused = ['get', 'pods', FLAG, '--server=http://127.0.0.1:1'];
    const { status, output, errors } = await run(refused);
    expect({ status, stdout: output, stderr: errors }).toEqual(await runKubectl(refused));
  });

  it('lets through what talks to the kubectl that is followed', async () => {
    answer = { status: 200, body: { major: '1', minor: '35', gitVersion: kubectlVersion } };
    const { errors } = await run(['get', 'pods', FLAG, `--server=${url}`]);
    expect(errors).not.toContain('differs');
    expect(asked.length).toBeGreaterThan(1);
  });

  it('compares with the server inside on a store, and is refused by commands below one', async () => {
    const folder = `--data-dir=${path.join(os.tmpdir(), 'kube-lite-never-made')}`;
    const { status, errors } = await run(['create', 'configmap', 'a', '--dry-run=client', FLAG, folder]);
    expect(status).toBe(1);
    expect(errors).toMatch(/^error: server version \(&version\.Info\{Major:"1", Minor:"36", .*\) differs from/m);
    expect((await run(['store', 'check', FLAG, folder])).errors).toBe(
      'error: --match-server-version compares with an API server, which "store" does not ask\n',
    );
  });
});
