import { transform } from 'esbuild';

/**
 * A chunk as a CommonJS module. esbuild splits only ES modules, whose loader takes longer to start and takes no compiled
 * code (see bin/load-program.js).
 */
export async function asCommonJs(text) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    supported: { 'dynamic-import': false },
  });
  // __toESM copies all exports at each `import()`; those of our own chunks are namespaces already.
  return code.replaceAll(/__toESM\((require\("\.\.?\/[^"]+"\))\)/g, '$1');
}
