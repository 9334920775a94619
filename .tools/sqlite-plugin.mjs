import { readFile } from 'node:fs/promises';

/**
 * Takes @photostructure/sqlite and what finds its native part into the bundle, which then need not be searched for and
 * compiled at each start. The native part itself stays in the package.
 */
export const sqlitePlugin = {
  name: 'sqlite',
  setup(build) {
    build.onLoad({ filter: /[\\/]@photostructure[\\/]sqlite[\\/]dist[\\/]index\.mjs$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const located = source.replace(
        /(?<=nodeGypBuild\()join\(_dirname\(\), "\.\."\)/,
        `(${packageFolder.toString()})(require, __filename)`,
      );
      if (located === source) throw new Error(`${path} no longer looks for its native part where it did`);
      return { contents: located, loader: 'js' };
    });
  },
};

/**
 * The package's folder, looked for as Node does. Node itself is asked only when that fails: it loads what it has for ES
 * modules first.
 */
function packageFolder(require, file) {
  const { dirname, join } = require('node:path');
  const { existsSync } = require('node:fs');
  for (let at = dirname(file); at !== dirname(at); at = dirname(at)) {
    const found = join(at, 'node_modules/@photostructure/sqlite');
    if (existsSync(join(found, 'package.json'))) return found;
  }
  return dirname(require('node:module').createRequire(file).resolve('@photostructure/sqlite/package.json'));
}
