/** Who may import whom under src/. One row per room; anything not listed is forbidden. */
const LAYERS = {
  model: [],
  storage: ['model'],
  apiserver: ['model', 'storage/storage', 'storage/storage-error', 'storage/object-storage'],
  kubeconfig: ['model'],
  client: ['model', 'kubeconfig'],
  http: ['model', 'apiserver/handler'],
  controllers: ['model', 'client/client'],
  kustomize: ['model'],
  manifests: ['model', 'kustomize'],
  printers: ['model'],
  etcd: ['model', 'storage'],
  commands: [
    'model',
    'client/client',
    'kustomize',
    'manifests',
    'printers',
    'etcd',
    'kubeconfig',
    'storage/storage',
    'storage/storage-error',
    'storage/key-range',
    'storage/store-care',
    'storage/value-transformer',
  ],
};
/** npm packages that may be named in exactly one place. */
const OWNERS = {
  '@kubernetes/client-node': '^src/client/remote/',
  etcd3: '^src/(storage/etcd|storage/etcd-methods[.]ts$|etcd)',
  '@grpc/grpc-js': '^src/storage/etcd/',
  '@photostructure/sqlite': '^src/storage/local/',
  '@noble/ciphers': '^src/storage/encryption/',
  commander: '^src/(program|commands/command)[.]ts$',
  'js-yaml': '^src/model/yaml[.]ts$',
  '@marcbachmann/cel-js': '^src/apiserver/custom-resources/cel/expression[.]ts$',
  chalk: '^src/printers/',
  'cli-table3': '^src/printers/',
};
const allow = (folder, targets) =>
  `^src/(${[`${folder}/`, ...targets.map((t) => (t.includes('/') ? `${t}[.]ts$` : `${t}/`))].join('|')})`;
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['[.]d[.]ts$', '^src/main[.]ts$'] },
      to: {},
    },
    {
      name: 'no-dev-deps-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    ...Object.entries(LAYERS).map(([folder, targets]) => ({
      name: `layer-${folder}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: allow(folder, targets) },
    })),
    {
      name: 'drivers-are-opened-by-backend',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/((backend|open-store|etcd-flags)[.]ts$|storage/[^/]+/|client/remote/)' },
      to: { path: '^src/(storage/[^/]+/|client/remote/)' },
    },
    {
      name: 'drivers-do-not-meet',
      severity: 'error',
      from: { path: '^src/storage/([^/]+)/' },
      to: { path: '^src/storage/[^/]+/', pathNot: '^src/storage/$1/' },
    },
    {
      name: 'model-does-no-io',
      severity: 'error',
      from: { path: '^src/model/' },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|net|http|https|http2|child_process|os|process|readline|tty)',
      },
    },
    ...Object.entries(OWNERS).map(([pkg, owner]) => ({
      name: `owner-of-${pkg.replace(/\W+/g, '-')}`,
      severity: 'error',
      from: { path: '^src/', pathNot: owner },
      to: { path: `node_modules/${pkg}/` },
    })),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
