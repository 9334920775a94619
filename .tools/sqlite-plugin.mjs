import { readFile } from 'node:fs/promises';

/**
 * Takes @photostructure/sqlite and what finds its native part into the bundle, which then need not be searched for and
 * compiled at each start. The native part itself stays in the package, whose folder is asked of Node.
 */
export const sqlitePlugin = {
  name: 'sqlite',
  setup(build) {
    build.onLoad({ filter: /[\\/]@photostructure[\\/]sqlite[\\/]dist[\\/]index\.mjs$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const located = source.replace(
        /(?<=nodeGypBuild\()join\(_dirname\(\), "\.\."\)/,
        "require('node:path').dirname(require('node:module').createRequire(__filename).resolve('@photostructure/sqlite/package.json'))",
      );
      if (located === source) throw new Error(`${path} no longer looks for its native part where it did`);
      return { contents: located, loader: 'js' };
    });
  },
};
