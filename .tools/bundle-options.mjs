import { dirname } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { clientNodePlugin } from './client-node-plugin.mjs';
import { etcd3Codecs } from './etcd3-codecs.mjs';
import { lateBuiltins } from './late-builtins.mjs';
import { sqlitePlugin } from './sqlite-plugin.mjs';

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
    outExtension: { '.js': '.cjs' },
    loader: { '.json': 'json' },
    plugins: [lateBuiltins, sqlitePlugin, etcd3WithoutProtoFiles, clientNodePlugin],
    // Asked at run time where the package is.
    external: ['@photostructure/sqlite/package.json'],
    logLevel: 'warning',
  };
}
