import type { Definition, DefinitionVersion } from '../definition/definition.ts';
import { compareVersions } from './compare-versions.ts';

/** What every answer in a deprecated version warns of. */
export function deprecationWarnings({ group, names, versions }: Definition, version: DefinitionVersion): string[] {
  if (version.deprecationWarning !== undefined) return [version.deprecationWarning];
  const better = versions
    .filter((each) => each.served && !each.deprecated && compareVersions(each.name, version.name) < 0)
    .map(({ name }) => name)
    .sort(compareVersions)[0];
  const text = `${group}/${version.name} ${names.kind} is deprecated`;
  return [better === undefined ? text : `${text}; use ${group}/${better} ${names.kind}`];
}
