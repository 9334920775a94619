import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * What nearly every command loads, in this order: the modules named, and what they import statically that no layer before
 * has. One chunk each.
 */
const LAYERS = {
  base: [
    'src/program.ts',
    'src/open-context.ts',
    'src/backend.ts',
    'src/commands/command.ts',
    'src/commands/failures.ts',
    'src/model/deep-equal.ts',
    'src/model/go-text.ts',
    'src/model/json-value.ts',
    'src/model/version.ts',
  ],
  objects: [
    'src/client/resource-client.ts',
    'src/client/resource-mapper.ts',
    'src/commands/collection-pages.ts',
    'src/commands/field-validation.ts',
    'src/commands/last-applied.ts',
    'src/commands/print-change.ts',
    'src/commands/resolve-targets.ts',
    'src/commands/shared-flags.ts',
    'src/commands/target-request.ts',
    'src/commands/with-source.ts',
    'src/model/json-printer.ts',
    'src/model/json-reader.ts',
    'src/model/quantity.ts',
    'src/model/schema/built-in-resources.ts',
    'src/model/wire-json.ts',
    'src/printers/create-printer.ts',
    'src/printers/document-json-printer.ts',
    'src/printers/name-printer.ts',
  ],
};

/**
 * What some commands load, each with all that it imports statically beyond the layers. Modules that the same parts need
 * are one chunk. A folder stands for all modules in it.
 */
const PARTS = {
  manifests: ['src/manifests/read-manifests.ts'],
  yaml: ['src/model/yaml.ts'],
  schema: ['src/model/schema/schema.ts'],
  read: [
    'src/apiserver/handler.ts',
    'src/apiserver/kinds/core/config-map.ts',
    'src/apiserver/kinds/generic-strategy.ts',
    'src/apiserver/verbs/get.ts',
    'src/apiserver/verbs/list.ts',
    'src/apiserver/verbs/watch.ts',
    'src/model/protobuf/protobuf-codec.ts',
    'src/storage/object-storage.ts',
  ],
  write: ['src/apiserver/kinds/core/namespace.ts', 'src/apiserver/verbs'],
  local: ['src/storage/local/open-local-storage.ts'],
  etcd: ['src/storage/etcd/open-etcd-storage.ts'],
  kubeconfig: ['src/client/remote/kubeconfig.ts'],
  remote: ['src/client/remote/remote-transport.ts'],
};

/** Where an entry point's facade lives, and a group's list of members. */
const FACADE = 'chunk-facade';
const GROUP = 'chunk-group';

/**
 * A plugin that has esbuild put each group into one chunk. It gives every entry point and every `import()` a facade that
 * imports the groups that it needs as wholes; esbuild then sees all members of a group used by the same entry points.
 * `metafile` is that of the same build without the plugin.
 */
export function chunkGroups(metafile) {
  const graph = readGraph(metafile);
  const groups = assign(graph);
  const groupOf = new Map([...groups].flatMap(([name, members]) => [...members].map((member) => [member, name])));
  return {
    name: 'chunk-groups',
    setup(build) {
      const { absWorkingDir } = build.initialOptions;
      const inputOf = (file) => path.relative(absWorkingDir, file);
      build.onResolve({ filter: /.*/ }, async ({ path: target, kind, importer, namespace, resolveDir, pluginData }) => {
        if (pluginData === FACADE) return undefined;
        if (kind !== 'dynamic-import' && kind !== 'entry-point') return undefined;
        const found = await build.resolve(target, { kind, importer, namespace, resolveDir, pluginData: FACADE });
        if (found.external || found.namespace !== 'file' || !graph.has(inputOf(found.path))) return found;
        return { path: inputOf(found.path), namespace: FACADE };
      });
      build.onResolve({ filter: new RegExp(`^${GROUP}:`) }, ({ path: target }) => ({
        path: target.slice(GROUP.length + 1),
        namespace: GROUP,
      }));
      build.onLoad({ filter: /.*/, namespace: FACADE }, ({ path: input }) => {
        const needed = groupsNeeded(input, { graph, groups, groupOf });
        const imports = [...needed].map((name) => `import ${JSON.stringify(`${GROUP}:${name}`)};`);
        const target = JSON.stringify(`./${input}`);
        return { contents: [...imports, `export * from ${target};`].join('\n'), resolveDir: root };
      });
      build.onLoad({ filter: /.*/, namespace: GROUP }, ({ path: name }) => ({
        contents: [...groups.get(name)].map((member) => `import ${JSON.stringify(`./${member}`)};`).join('\n'),
        resolveDir: root,
      }));
    },
  };
}

/** Every module of the bundle with what it imports statically. */
function readGraph({ inputs }) {
  const modules = new Map();
  for (const [name, { imports }] of Object.entries(inputs)) {
    const followed = imports.filter(({ kind, external }) => kind !== 'dynamic-import' && external !== true);
    modules.set(
      name,
      followed.map((each) => each.path).filter((each) => each in inputs),
    );
  }
  return modules;
}

function closure(starts, graph, into = new Set()) {
  const open = [...starts];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (into.has(next)) continue;
    into.add(next);
    open.push(...(graph.get(next) ?? []));
  }
  return into;
}

/** Each group's members by the group's name: a layer's, or those of the parts that need the same modules. */
function assign(graph) {
  const groups = new Map();
  const taken = new Set();
  for (const [name, named] of Object.entries(LAYERS)) {
    const members = [...ownClosure(named, graph)].filter((member) => !taken.has(member));
    for (const member of members) taken.add(member);
    groups.set(name, new Set(members));
  }
  const parts = Object.entries(PARTS).map(([name, named]) => ({ name, members: ownClosure(named, graph) }));
  for (const member of graph.keys()) {
    const users = parts.filter(({ members }) => members.has(member)).map(({ name }) => name);
    if (users.length === 0 || taken.has(member)) continue;
    const name = users.join('+');
    groups.set(name, (groups.get(name) ?? new Set()).add(member));
  }
  return groups;
}

/** What modules or folders need of the program's own modules. Throws when one of them is not in the program. */
function ownClosure(named, graph) {
  const starts = named.flatMap((each) => {
    const found = [...graph.keys()].filter((file) => file === each || file.startsWith(`${each}/`));
    if (found.length === 0) throw new Error(`the program has no ${each} to put into a chunk`);
    return found;
  });
  return new Set([...closure(starts, graph)].filter((member) => member.startsWith('src/')));
}

/** The groups that an entry point's modules are in, and those that these groups' members need. */
function groupsNeeded(entry, { graph, groups, groupOf }) {
  const needed = new Set();
  const reached = closure([entry], graph);
  for (let before = -1; needed.size !== before;) {
    before = needed.size;
    for (const member of reached) if (groupOf.has(member)) needed.add(groupOf.get(member));
    for (const name of needed) closure(groups.get(name), graph, reached);
  }
  return [...groups.keys()].filter((name) => needed.has(name));
}
