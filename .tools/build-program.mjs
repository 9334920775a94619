import { rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';
import { chunkGroups } from './chunk-groups.mjs';

/** Bundles src/main.ts into `folder` (main.js and chunks/) and resolves with esbuild's description of what it made. */
export async function buildProgram(folder) {
  const options = bundleOptions(['src/main.ts'], folder);
  const { metafile } = await build({ ...options, write: false, metafile: true });
  await rm(folder, { recursive: true, force: true });
  const result = await build({
    ...options,
    // By name, because the plugin's modules have no place under src/ to name the output after.
    entryPoints: { main: 'src/main.ts' },
    plugins: [chunkGroups(metafile), ...options.plugins],
    metafile: true,
  });
  return result.metafile;
}
