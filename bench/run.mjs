// Runs bench/main.ts: Node.js 20 reads no TypeScript, so that it is bundled into .cache/ first.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildProgram } from '../.tools/build-program.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const bundle = at('../.cache/bench/main.mjs');
await build({
  entryPoints: [at('main.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
const { runBench } = await import(pathToFileURL(bundle).href);
await runBench(process.argv.slice(2), { root: at('..'), buildProgram });
