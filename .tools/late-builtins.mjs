/**
 * Modules of Node.js that take milliseconds to load, with the functions that the program uses of them on occasion, and who
 * may be given them late: loaded at the first call.
 */
const LATE = [
  { module: 'node:child_process', functions: ['spawn'], importers: /[\\/](commander|src)[\\/]/ },
  {
    module: 'node:crypto',
    functions: ['createHash', 'randomBytes', 'randomInt', 'randomUUID'],
    importers: /[\\/]src[\\/](apiserver|model|storage)[\\/](?!encryption)/,
  },
];

/** A plugin that loads these modules when they are used, not when a chunk that may use them is loaded. */
export const lateBuiltins = {
  name: 'late-builtins',
  setup(build) {
    for (const { module, functions, importers } of LATE) {
      const namespace = `late-${module.slice('node:'.length)}`;
      build.onResolve({ filter: new RegExp(`^${module}$`) }, ({ path, importer }) =>
        importers.test(importer) ? { path, namespace } : undefined,
      );
      const written = [
        'let loaded;',
        ...functions.map(
          (name) => `export const ${name} = (...given) => (loaded ??= require('${module}')).${name}(...given);`,
        ),
      ];
      build.onLoad({ filter: /.*/, namespace }, () => ({ contents: written.join('\n'), loader: 'js' }));
    }
  },
};
