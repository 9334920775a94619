import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** kube-lite under the name of kubectl on a PATH, with a store that has a few objects. */
export interface CompletionSetting {
  readonly program: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  dispose(): void;
}

const main = new URL('../../../bin/kube-lite.js', import.meta.url).pathname;

/** Makes a setting in a temporary folder. */
export function completionSetting(): CompletionSetting {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'completion-'));
  const bin = path.join(folder, 'bin');
  fs.mkdirSync(bin);
  fs.symlinkSync(main, path.join(bin, 'kubectl'));
  const env = {
    PATH: `${bin}:${path.dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    KUBE_LITE_DATA_DIR: path.join(folder, 'store'),
  };
  const manifest = {
    apiVersion: 'v1',
    kind: 'List',
    items: [configMap('my-config', 'red'), configMap('my-other', 'blue')],
  };
  execFileSync(path.join(bin, 'kubectl'), ['create', '-f', '-'], { env, input: JSON.stringify(manifest) });
  return { program: 'kubectl', folder, env, dispose: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

function configMap(name: string, color: string): unknown {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { color } } };
}

/** Whether a shell is installed. */
export function hasShell(name: string): boolean {
  return spawnSync(name, ['--version']).status === 0;
}
