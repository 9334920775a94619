import { cp, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program as its sources are now, for tests that run it as a process of its own: whatever is in `dist` may be older. */
export interface BuiltProgram {
  /** To be run by node. */
  readonly file: string;
  dispose(): Promise<void>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Whether `dist` was built after the last change of the sources, as `npm test` does. */
async function isBuilt(): Promise<boolean> {
  const built = await stat(path.join(root, 'dist/main.cjs.cache')).catch(() => undefined);
  if (built === undefined) return false;
  const names = await readdir(path.join(root, 'src'), { recursive: true });
  const sources = await Promise.all(names.map(async (name) => stat(path.join(root, 'src', name))));
  return sources.every(({ mtimeMs }) => mtimeMs < built.mtimeMs);
}

/** Takes the file that $KUBE_LITE_PROGRAM names, or `dist` where it is new enough; else builds it in a folder of its own. */
export async function builtProgram(): Promise<BuiltProgram> {
  const given = process.env['KUBE_LITE_PROGRAM'];
  const file = given ?? ((await isBuilt()) ? path.join(root, 'bin/kube-lite.js') : undefined);
  if (file !== undefined) return { file, dispose: async () => undefined };
  const { buildProgram } = await import('../../.tools/build-program.mjs');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kube-lite-program-'));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  await cp(path.join(root, 'bin'), path.join(folder, 'bin'), { recursive: true });
  await cp(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  await buildProgram(path.join(folder, 'dist'));
  return {
    file: path.join(folder, 'bin', 'kube-lite.js'),
    dispose: async () => rm(folder, { recursive: true, force: true }),
  };
}
