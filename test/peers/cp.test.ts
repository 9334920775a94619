import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TarParser } from '../../src/commands/pods/cp/tar-parser.ts';
import { tarOf } from '../../src/commands/pods/cp/tar-writer.ts';
import { KubeletComparison, type Outcome } from './kubelet-comparison.ts';
import { pod } from './kubelet-objects.ts';
import type { RemoteProcess } from './kubelet-server.ts';

const LONG = `${'long-'.repeat(30)}name`;

let both: KubeletComparison;
let folder: string;

/** Runs what a container would run, on this machine. */
function onThisMachine([program = '', ...args]: readonly string[], input: Buffer): RemoteProcess {
  const { status, stdout, stderr } = spawnSync(program, args, { input, maxBuffer: 1 << 26 });
  // What tar says of a success kubectl prints only when it comes soon enough.
  if (status === 0) return { stdout };
  const details = { causes: [{ reason: 'ExitCode', message: String(status) }] };
  return {
    stdout,
    stderr: stderr.toString(),
    status: { status: 'Failure', reason: 'NonZeroExitCode', message: '', details },
  };
}

beforeAll(async () => {
  both = await KubeletComparison.start();
  both.server.objects = [
    pod('one'),
    pod('three', { containers: ['a', 'b'] }),
    pod('done', { status: { phase: 'Failed' } }),
  ];
}, 60_000);
afterAll(async () => both[Symbol.asyncDispose]());
beforeEach(() => {
  both.server.process = onThisMachine;
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-cp-'));
  const tree = path.join(folder, 'tree');
  fs.mkdirSync(path.join(tree, 'sub', 'empty'), { recursive: true });
  fs.writeFileSync(path.join(tree, 'text'), 'some text\n');
  fs.writeFileSync(path.join(tree, 'nothing'), '');
  fs.writeFileSync(
    path.join(tree, 'sub', 'bytes'),
    Buffer.from(Array.from({ length: 200_001 }, (_, at) => (at * 7) % 256)),
  );
  fs.writeFileSync(path.join(tree, 'sub', 'with space ü'), 'x');
  fs.writeFileSync(path.join(tree, 'sub', LONG), 'long');
  fs.writeFileSync(path.join(tree, 'sub', 'script'), '#!/bin/sh\n', { mode: 0o755 });
  fs.symlinkSync('text', path.join(tree, 'link'));
  return () => fs.rmSync(folder, { recursive: true, force: true });
});

/** Every file below a folder with its content, and where links lead. */
function treeOf(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  if (!fs.existsSync(root)) return found;
  for (const entry of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(root, file);
    if (entry.isSymbolicLink()) found[name] = `-> ${fs.readlinkSync(file)}`;
    else if (entry.isDirectory()) found[name] = 'folder';
    else found[name] = fs.readFileSync(file).toString('base64');
  }
  return found;
}

/** The same command by both, each in a folder of its own, and what there is then. */
async function same(args: (home: string) => readonly string[]): Promise<Outcome> {
  const results = [];
  for (const name of ['theirs', 'ours'] as const) {
    const home = path.join(folder, name);
    fs.mkdirSync(home);
    const command = ['cp', ...args(home)];
    const outcome = name === 'theirs' ? await both.kubectl(command) : await both.kubeLite(command);
    const masked = (text: string): string => text.replaceAll(home, 'HOME');
    const asked = outcome.asked.map((each) => masked(decodeURIComponent(each)));
    results.push({
      outcome: { ...outcome, stdout: masked(outcome.stdout), stderr: masked(outcome.stderr), asked },
      tree: treeOf(home),
    });
  }
  const [theirs, ours] = results;
  expect(ours).toEqual(theirs);
  if (ours === undefined) throw new Error('nothing ran');
  return ours.outcome;
}

describe('cp, as the real kubectl does it', () => {
  it('copies a folder to a pod, also into one that is there', async () => {
    await same((home) => [path.join(folder, 'tree'), `one:${home}`]);
  });

  it('copies a folder under another name, and a file', async () => {
    await same((home) => [`${folder}/tree/`, `one:${home}/copy`]);
    fs.rmSync(path.join(folder, 'ours'), { recursive: true });
    fs.rmSync(path.join(folder, 'theirs'), { recursive: true });
    await same((home) => [
      path.join(folder, 'tree', 'sub', 'bytes'),
      `default/one:${home}/bytes2`,
      '-c',
      'main',
      '--no-preserve',
    ]);
  });

  it('keeps permissions and times', async () => {
    await both.kubeLite(['cp', path.join(folder, 'tree'), `one:${path.join(folder, 'copy')}`]);
    const script = fs.statSync(path.join(folder, 'copy', 'sub', 'script'));
    expect(script.mode & 0o777).toBe(0o755);
  });

  it('copies a folder from a pod without its links', async () => {
    const { stderr } = await same((home) => [`one:${folder}/tree`, `${home}/copy`]);
    expect(stderr).toMatch(/^warning: skipping symlink: "HOME\/copy\/link" -> "text" \(consider using "kubectl exec/);
  });

  it('copies a file from a pod, with retries too', async () => {
    await same((home) => [`one:${folder}/tree/sub/bytes`, `${home}/bytes`]);
    fs.rmSync(path.join(folder, 'ours'), { recursive: true });
    fs.rmSync(path.join(folder, 'theirs'), { recursive: true });
    await same((home) => [`three:${folder}/tree/text`, `${home}/text`, '--retries=2']);
  });

  it.each([
    ['/nonexistent/file', 'one:/tmp/x'],
    ['one:/a', 'one:/b'],
    ['/a', '/b'],
    ['a/b/c:/x', '/y'],
    [':/x', '/y'],
    ['one:', '/y'],
    ['/x'],
    ['nope:/etc/hostname', '/tmp/x'],
    ['done:/etc/hostname', '/tmp/x'],
  ])('refuses %s %s', async (...args) => {
    const theirs = await both.kubectl(['cp', ...args]);
    const ours = await both.kubeLite(['cp', ...args]);
    expect(ours).toEqual(theirs);
  });

  it('fails as the tar of the container does, for which kubectl does not always wait', async () => {
    const { status, stdout, stderr } = await both.kubeLite(['cp', 'one:/nonexistent/file', '/tmp/x']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'command terminated with exit code 2\n' });
    expect(stdout).toContain('Cannot stat: No such file or directory');
  });

  it('says what cannot be written here', async () => {
    await same((home) => [`one:${folder}/tree/text`, home]);
  });

  it('refuses archives that lead out of the destination', async () => {
    const evil = path.join(folder, 'evil');
    fs.mkdirSync(evil);
    fs.writeFileSync(path.join(evil, 'x'), 'evil');
    const archive = (name: string) =>
      spawnSync('tar', ['cPf', '-', '-C', evil, `--transform=s|^x$|${name}|`, 'x']).stdout;
    for (const name of ['data/../../../escaped', '../data/x', 'other/x', 'data/ok']) {
      both.server.process = () => ({ stdout: archive(name) });
      await same((home) => ['one:/data', `${home}/copy`]);
      for (const each of ['ours', 'theirs']) fs.rmSync(path.join(folder, each), { recursive: true });
    }
    expect(fs.existsSync(path.join(folder, 'escaped'))).toBe(false);
  });

  it('copies what has two names twice, where kubectl leaves the second empty', async () => {
    fs.linkSync(path.join(folder, 'tree', 'text'), path.join(folder, 'tree', 'twice'));
    await both.kubeLite(['cp', `one:${folder}/tree`, `${folder}/copy`]);
    expect(fs.readFileSync(path.join(folder, 'copy', 'twice'), 'utf8')).toBe('some text\n');
    expect(fs.readFileSync(path.join(folder, 'copy', 'text'), 'utf8')).toBe('some text\n');
  });

  it('takes a copy up again where it broke off', async () => {
    let times = 0;
    both.server.process = (command, input) => {
      const whole = onThisMachine(command, input);
      times++;
      return times > 1 ? whole : { stdout: Buffer.from(whole.stdout ?? '').subarray(0, 100_000), cut: true };
    };
    const { status, stdout } = await both.kubeLite(['cp', `one:${folder}/tree`, `${folder}/copy`, '--retries=1']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Resuming copy at 100000 bytes, retry 1\/1\n/);
    expect(treeOf(path.join(folder, 'copy'))['sub/bytes']).toBe(treeOf(path.join(folder, 'tree'))['sub/bytes']);
  });

  it('fails when a copy broke off and may not be taken up', async () => {
    both.server.process = (command, input) => {
      const whole = onThisMachine(command, input);
      return { stdout: Buffer.from(whole.stdout ?? '').subarray(0, 100_000), cut: true };
    };
    const { status, stderr } = await both.kubeLite(['cp', `one:${folder}/tree`, `${folder}/copy`]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/error reading from error stream/);
  });
});

describe('archives', () => {
  it('are what tar reads, and are read in pieces of any size', async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of tarOf(path.join(folder, 'tree'), `${LONG}/tree`)) chunks.push(chunk);
    const archive = Buffer.concat(chunks);
    const { stdout, status } = spawnSync('tar', ['tf', '-'], { input: archive });
    expect(status).toBe(0);
    const names = stdout
      .toString()
      .trim()
      .split('\n')
      .map((each) => each.replace(/\/$/, ''));
    for (const size of [1, 511, 512, 513, 100_000]) {
      const found: string[] = [];
      let bytes = 0;
      const parser = new TarParser(({ name }) => {
        found.push(name);
        return { write: (data) => void (bytes += data.length), end: () => undefined };
      });
      for (let at = 0; at < archive.length; at += size) parser.push(archive.subarray(at, at + size));
      expect(parser.finished).toBe(true);
      expect(found).toHaveLength(names.length);
      expect(bytes).toBe(200_001 + 'some text\n'.length + 1 + 'long'.length + '#!/bin/sh\n'.length);
      expect(found).toContain(`${LONG}/tree/sub/${LONG}`);
    }
  });

  it('of anything else are refused', () => {
    const parser = new TarParser(() => undefined);
    expect(() => parser.push(Buffer.from('x'.repeat(600)))).toThrow('archive/tar: invalid tar header');
  });
});
