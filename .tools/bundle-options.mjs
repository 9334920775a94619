import { dirname } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { clientNodePlugin } from './client-node-plugin.mjs';
import { etcd3Codecs } from './etcd3-codecs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Has etcd3 find generated codecs where it asks for @grpc/proto-loader, so that no .proto file is read at run time. */
const etcd3WithoutProtoFiles = {
  name: 'etcd3-without-proto-files',
  setup(build) {
    build.onResolve({ filter: /^@grpc\/proto-loader$/ }, (args) => ({
      path: args.path,
      namespace: 'etcd3-codecs',
    }));
    build.onLoad({ filter: /.*/, namespace: 'etcd3-codecs' }, () => {
      const etcd3 = createRequire(import.meta.url).resolve('etcd3');
      const loader = createRequire(etcd3).resolve('@grpc/proto-loader');
      return { contents: etcd3Codecs(), loader: 'js', resolveDir: dirname(loader) };
    });
  },
};

/** commander takes its time to load what it starts other programs with, which nobody here has it do. */
const lateChildProcess = {
  name: 'late-child-process',
  setup(build) {
    const namespace = 'late-child-process';
    build.onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path, namespace } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace }, () => ({
      contents: "exports.spawn = (...given) => require('child_process').spawn(...given);",
      loader: 'js',
    }));
  },
};

/** How the program is bundled: each `import()` becomes a chunk of its own, loaded when it is needed. */
export function bundleOptions(entryPoints, outdir) {
  return {
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    chunkNames: 'chunks/[name]-[hash]',
    loader: { '.json': 'json' },
    plugins: [lateChildProcess, etcd3WithoutProtoFiles, clientNodePlugin],
    // Packages with native parts or that read files beside themselves stay outside the bundle.
    external: ['@photostructure/sqlite'],
    // CommonJS packages name their folder; nothing is read from there.
    define: { __dirname: 'import.meta.dirname' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  };
}
