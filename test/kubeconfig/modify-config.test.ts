import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/kubeconfig/config-access.ts';
import type { ConfigDocument } from '../../src/kubeconfig/config-document.ts';
import { modifyConfig } from '../../src/kubeconfig/modify-config.ts';
import { UserError } from '../../src/model/user-error.ts';

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kubeconfig-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => path.join(folder, name);
const read = (name: string): string => fs.readFileSync(at(name), 'utf8');

function write(name: string, text: string): void {
  fs.writeFileSync(at(name), text);
}

function withCluster(name: string, server: string): (config: ConfigDocument) => void {
  return (config) => {
    const before = config.clusters.get(name);
    config.clusters.set(name, {
      origin: before?.origin,
      beside: before?.beside ?? {},
      fields: { ...before?.fields, server },
    });
  };
}

const useContext = (name: string) => (config: ConfigDocument) => {
  config.currentContext = name;
};

describe('modifyConfig', () => {
  it('makes a file for its owner alone, in folders that are missing', async () => {
    await modifyConfig({ explicit: at('new/folder/config') }, withCluster('c', 'https://x'), true);
    expect(fs.statSync(at('new/folder/config')).mode & 0o777).toBe(0o600);
    expect(read('new/folder/config')).toBe(
      'apiVersion: v1\nclusters:\n- cluster:\n    server: https://x\n  name: c\ncontexts: null\ncurrent-context: ""\nkind: Config\nusers: null\n',
    );
    expect(fs.readdirSync(at('new/folder'))).toEqual(['config']);
  });

  it('keeps the mode of a file, and a link', async () => {
    write('real', '');
    fs.chmodSync(at('real'), 0o640);
    fs.symlinkSync('real', at('link'));
    await modifyConfig({ explicit: at('link') }, withCluster('c', 'https://x'), true);
    expect(fs.lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(fs.statSync(at('real')).mode & 0o777).toBe(0o640);
    expect(read('real')).toContain('https://x');
  });

  it('keeps what it does not know, at every level', async () => {
    const unknown = [
      'apiVersion: v1',
      'clusters:',
      '- cluster:',
      '    new-field: 1',
      '    server: https://a',
      '  name: a',
      '  note: keep',
      'contexts: null',
      'current-context: ""',
      'future:',
      '  x: "y"',
      'kind: Config',
      'users:',
      '- name: u',
      '  user:',
      '    exec:',
      '      args: null',
      '      command: x',
      '      env: null',
      '      provideClusterInfo: false',
      '      someday: true',
      '',
    ].join('\n');
    write('k', unknown);
    await modifyConfig({ explicit: at('k') }, withCluster('a', 'https://b'), true);
    expect(read('k')).toBe(unknown.replace('https://a', 'https://b'));
  });

  it('writes nothing when nothing changes', async () => {
    write('k', '# a comment\nclusters:\n- name: a\n  cluster: {server: x}\n');
    await modifyConfig({ explicit: at('k') }, withCluster('a', 'x'), true);
    expect(read('k')).toBe('# a comment\nclusters:\n- name: a\n  cluster: {server: x}\n');
  });

  it('leaves no trace when a change is refused', async () => {
    const refuse = (): never => {
      throw new UserError('no');
    };
    await expect(modifyConfig({ explicit: at('folder/k') }, refuse, true)).rejects.toThrow('no');
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('several files', () => {
  const files = (): { list: string[] } => ({ list: [at('one'), at('two')] });

  it('are read together: of equal names the first file counts', async () => {
    write('one', 'clusters: [{name: a, cluster: {server: first}}]\n');
    write(
      'two',
      'current-context: x\nclusters: [{name: a, cluster: {server: second}}, {name: b, cluster: {server: b}}]\n',
    );
    const config = await loadConfig(files());
    expect(Object.fromEntries([...config.clusters].map(([name, { fields }]) => [name, fields['server']]))).toEqual({
      a: 'first',
      b: 'b',
    });
    expect(config.currentContext).toBe('x');
  });

  it('get what is new in the first one that exists, or in the last', async () => {
    await modifyConfig(files(), withCluster('a', 'x'), true);
    expect(fs.readdirSync(folder)).toEqual(['two']);
    write('one', '');
    await modifyConfig(files(), withCluster('b', 'y'), true);
    expect(read('one')).toContain('name: b');
    expect(read('two')).not.toContain('name: b');
  });

  it('get a change where the entry is', async () => {
    write('one', '');
    write('two', 'clusters: [{name: a, cluster: {server: x}}]\n');
    await modifyConfig(files(), withCluster('a', 'changed'), true);
    expect(read('one')).toBe('');
    expect(read('two')).toContain('changed');
  });

  it('set the current context in the first, and clear it where it is set', async () => {
    write('one', '');
    write('two', 'current-context: x\n');
    await modifyConfig(files(), useContext(''), true);
    expect(read('one')).toBe('');
    expect(read('two')).toContain('current-context: ""');
    await modifyConfig(files(), useContext('y'), true);
    expect(read('one')).toContain('current-context: "y"');
  });

  it('are all named when several cannot be read', async () => {
    write('one', 'a: b: c');
    write('two', '[1]');
    const error: unknown = await loadConfig(files()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors.map((each) => (each as Error).message.split(':')[0])).toEqual([
      `error loading config file "${at('one')}"`,
      `error loading config file "${at('two')}"`,
    ]);
  });
});

describe('paths', () => {
  const withAuthority = (file: string) => (config: ConfigDocument) => {
    config.clusters.set('c', { origin: undefined, beside: {}, fields: { server: '', 'certificate-authority': file } });
  };

  it('become relative to the file when they lie below its folder', async () => {
    await modifyConfig({ explicit: at('k') }, withAuthority(at('pki/ca.crt')), true);
    expect(read('k')).toContain('certificate-authority: pki/ca.crt\n');
  });

  it('stay absolute elsewhere', async () => {
    await modifyConfig({ explicit: at('sub/k') }, withAuthority(at('ca.crt')), true);
    expect(read('sub/k')).toContain(`certificate-authority: ${at('ca.crt')}\n`);
  });
});

describe('locks', () => {
  it('let no change of many at once be lost', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `cluster-${index}`);
    await Promise.all(names.map((name) => modifyConfig({ explicit: at('k') }, withCluster(name, 'x'), true)));
    const config = await loadConfig({ explicit: at('k') });
    expect([...config.clusters.keys()].toSorted()).toEqual(names.toSorted());
    expect(fs.readdirSync(folder)).toEqual(['k']);
  });

  it('are waited for', async () => {
    write('k.lock', '');
    setTimeout(() => fs.rmSync(at('k.lock')), 100);
    await modifyConfig({ explicit: at('k') }, withCluster('c', 'x'), true);
    expect(read('k')).toContain('name: c');
  });

  it('that stay are named, and stay', { timeout: 20_000 }, async () => {
    write('k.lock', '');
    await expect(modifyConfig({ explicit: at('k') }, withCluster('c', 'x'), true)).rejects.toThrow(
      `open ${at('k.lock')}: file exists`,
    );
    expect(fs.readdirSync(folder)).toEqual(['k.lock']);
  });
});
