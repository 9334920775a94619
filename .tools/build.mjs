// Bundles src/main.ts into dist/ as lazily loaded chunks: each `import()` in src/ becomes a file of its own.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
await rm(dist, { recursive: true, force: true });
await build(bundleOptions(['src/main.ts'], 'dist'));
