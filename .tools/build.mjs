// Bundles src/main.ts into dist/ as lazily loaded chunks; which modules are loaded together is in chunk-groups.mjs.
import { fileURLToPath } from 'node:url';
import { buildProgram } from './build-program.mjs';

await buildProgram(fileURLToPath(new URL('../dist', import.meta.url)));
