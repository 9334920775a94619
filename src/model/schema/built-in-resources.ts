import { groupVersionOf, type ResourceInfo, type SubresourceInfo } from './resource-info.ts';
import { RESOURCES } from './tables/resources.ts';

/** A resource that every server of Kubernetes 1.36 serves, with what discovery tells of its subresources. */
export interface BuiltInResource extends ResourceInfo {
  /** In the order of their names, which are also in `subresources`. */
  readonly subresourceInfos: readonly SubresourceInfo[];
}

const VERBS: Readonly<Record<string, string>> = {
  c: 'create',
  d: 'delete',
  D: 'deletecollection',
  g: 'get',
  l: 'list',
  p: 'patch',
  u: 'update',
  w: 'watch',
};

// Read once from the table, and never changed.
const BUILT_IN: readonly BuiltInResource[] = readResources(RESOURCES);

/**
 * The resources that kube-apiserver 1.36 serves by default, in the order of its discovery: groups by priority, a group's
 * preferred version first, then by plural.
 */
export function builtInResources(): readonly BuiltInResource[] {
  return BUILT_IN;
}

/*
 * The notation of tables/resources.ts. A line is `apiVersion plural kind N|C verbs shortNames categories`, lists joined by
 * commas, an empty one is `-`; `/name kind verbs [apiVersion]` is a subresource of the resource above it.
 */
function readResources(table: string): BuiltInResource[] {
  const blocks = table.split(/\n(?!\/)/);
  return blocks.map((block) => {
    const [head = '', ...below] = block.split('\n');
    const [apiVersion = '', plural = '', kind = '', scope, verbs = '', shortNames = '', categories = ''] =
      head.split(' ');
    const groupVersion = groupVersionOf(apiVersion);
    const subresourceInfos = below.map((line) => readSubresource(line, apiVersion));
    return {
      ...groupVersion,
      plural,
      singular: kind.toLowerCase(),
      kind,
      namespaced: scope === 'N',
      verbs: readVerbs(verbs),
      shortNames: readList(shortNames),
      categories: readList(categories),
      subresources: subresourceInfos.map((each) => each.name),
      subresourceInfos,
    };
  });
}

function readSubresource(line: string, parent: string): SubresourceInfo {
  const [name = '', kind = '', verbs = '', apiVersion = parent] = line.slice(1).split(' ');
  return { name, ...groupVersionOf(apiVersion), kind, verbs: readVerbs(verbs) };
}

function readVerbs(letters: string): string[] {
  return letters.split('').map((letter) => VERBS[letter] ?? '');
}

function readList(text: string): string[] {
  return text === '-' ? [] : text.split(',');
}
