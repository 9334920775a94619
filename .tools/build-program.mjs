import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';
import { chunkGroups } from './chunk-groups.mjs';

/** Bundles src/main.ts into `folder` (main.js and chunks/) and resolves with esbuild's description of what it made. */
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
  const banner = `${options.banner.js}\n`;
  await Promise.all(result.outputFiles.map((file) => writeFile(file.path, withoutIdleBanner(file.text, banner))));
  return result.metafile;
}

/** The banner makes a `require`, which takes a while in hundreds of chunks and is used by few. */
function withoutIdleBanner(text, banner) {
  if (!text.startsWith(banner)) return text;
  const rest = text.slice(banner.length);
  return /\brequire\b/.test(rest) ? text : rest;
}
