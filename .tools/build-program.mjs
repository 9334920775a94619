import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { asCommonJs } from './as-common-js.mjs';
import { bundleOptions } from './bundle-options.mjs';
import { chunkGroups } from './chunk-groups.mjs';
import { recordCodeCache } from './record-code-cache.mjs';

/** Bundles src/main.ts into `folder` (main.cjs, chunks/, and their compiled code beside them) and resolves with esbuild's description of what it made. */
export async function buildProgram(folder) {
  const options = bundleOptions(['src/main.ts'], folder);
  const { metafile } = await build({ ...options, write: false, metafile: true });
  const result = await build({
    ...options,
    // By name, because the plugin's modules have no place under src/ to name the output after.
    entryPoints: { main: 'src/main.ts' },
    plugins: [chunkGroups(metafile), ...options.plugins],
    write: false,
    metafile: true,
  });
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, 'chunks'), { recursive: true });
  await Promise.all(result.outputFiles.map(async ({ path: file, text }) => writeFile(file, await asCommonJs(text))));
  await recordCodeCache(folder);
  return result.metafile;
}
