import { readFile } from 'node:fs/promises';
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

/** The namespaces of entry points' facades, of groups' facades, and of groups' lists of members. */
const FACADE = 'chunk-facade';
const MEMBERS = 'chunk-members';
const GROUP = 'chunk-group';

/**
 * A plugin that has esbuild put each group into one chunk. Every entry point gets a facade that imports the groups that it
 * needs as wholes; esbuild then sees all members of a group used by the same entry points. An `import()` of a group's
 * member becomes one of the group's own facade, and takes the member out of it, so that there is not a file for each.
 * `metafile` is that of the same build without the plugin.
 */
export function chunkGroups(metafile) {
  const graph = readGraph(metafile);
  const groups = assign(graph);
  const groupOf = new Map([...groups].flatMap(([name, members]) => [...members].map((member) => [member, name])));
  const imported = dynamicImports(metafile);
  return {
    name: 'chunk-groups',
    setup(build) {
      const inputOf = (file) => path.relative(root, file);
      build.onResolve({ filter: /.*/ }, async ({ path: target, kind, importer, namespace, resolveDir, pluginData }) => {
        if (pluginData === FACADE) return undefined;
        if (kind !== 'dynamic-import' && kind !== 'entry-point') return undefined;
        const found = await build.resolve(target, { kind, importer, namespace, resolveDir, pluginData: FACADE });
        if (found.external || found.namespace !== 'file' || !graph.has(inputOf(found.path))) return found;
        return { path: inputOf(found.path), namespace: FACADE };
      });
      build.onResolve({ filter: new RegExp(`^${GROUP}:`) }, ({ path: target, kind }) => ({
        path: target.slice(GROUP.length + 1),
        namespace: kind === 'dynamic-import' ? MEMBERS : GROUP,
      }));
      build.onLoad({ filter: /\.ts$/, namespace: 'file' }, async ({ path: file }) => {
        if (!graph.has(inputOf(file))) return undefined;
        const contents = await readFile(file, 'utf8');
        const redirected = contents.replaceAll(/\bimport\('(\.{1,2}\/[^']+)'\)/g, (written, target) => {
          const member = inputOf(path.resolve(path.dirname(file), target));
          const group = groupOf.get(member);
          if (group === undefined) return written;
          return `import('${GROUP}:${group}').then((all) => all.${nameOf(member)})`;
        });
        return { contents: redirected, loader: 'ts' };
      });
      build.onLoad({ filter: /.*/, namespace: FACADE }, ({ path: input }) => ({
        contents: `${importsOf(groupsNeeded([input], { graph, groups, groupOf }))}export * from './${input}';`,
        resolveDir: root,
      }));
      build.onLoad({ filter: /.*/, namespace: MEMBERS }, ({ path: name }) => {
        const members = [...groups.get(name)].filter((member) => imported.has(member));
        const exports = members.map((member) => `export * as ${nameOf(member)} from './${member}';`);
        const needed = groupsNeeded(groups.get(name), { graph, groups, groupOf });
        return { contents: importsOf(needed) + exports.join('\n'), resolveDir: root };
      });
      build.onLoad({ filter: /.*/, namespace: GROUP }, ({ path: name }) => ({
        contents: [...groups.get(name)].map((member) => `import './${member}';`).join('\n'),
        resolveDir: root,
      }));
    },
  };
}

function importsOf(names) {
  return names.map((name) => `import '${GROUP}:${name}';\n`).join('');
}

/** A name for a module that JavaScript takes. */
function nameOf(member) {
  return member.replaceAll(/\W/g, '_');
}

/** Every module that is the target of an `import()`. */
function dynamicImports({ inputs }) {
  const all = Object.values(inputs).flatMap(({ imports }) => imports);
  return new Set(all.filter(({ kind }) => kind === 'dynamic-import').map((each) => each.path));
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

/** The groups that the modules and what they import are in, and those that these groups' members need. */
function groupsNeeded(starts, { graph, groups, groupOf }) {
  const needed = new Set();
  const reached = closure(starts, graph);
  for (let before = -1; needed.size !== before;) {
    before = needed.size;
    for (const member of reached) if (groupOf.has(member)) needed.add(groupOf.get(member));
    for (const name of needed) closure(groups.get(name), graph, reached);
  }
  return [...groups.keys()].filter((name) => needed.has(name));
}
