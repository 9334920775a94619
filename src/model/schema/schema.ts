import { GROUPS } from './tables/groups.ts';
import { TEXTS } from './tables/texts.ts';
import { TYPES } from './tables/types.ts';
import type { TypeSchema } from './type-schema.ts';
import { TypeTable } from './type-table.ts';

// Read once and never changed: what it keeps is only what the tables say.
const TABLE = new TypeTable(TYPES, TEXTS);
const PACKAGES: ReadonlyMap<string, string> = new Map(GROUPS.split('\n').map(readGroup));

/**
 * The type of a built-in kind (also of a list of it, and of kinds that every group has: Status, DeleteOptions …);
 * undefined for a kind that Kubernetes 1.36 does not have.
 */
export function typeForKind(apiVersion: string, kind: string): TypeSchema | undefined {
  const packageName = PACKAGES.get(apiVersion);
  if (packageName === undefined) return undefined;
  const type = TABLE.byName(`${packageName}.${kind}`) ?? TABLE.byName(`meta.v1.${kind}`);
  return type?.isKind === true ? type : undefined;
}

/** A built-in type by its name: `core.v1.PodSpec`, `meta.v1.ObjectMeta`. */
export function typeByName(name: string): TypeSchema | undefined {
  return TABLE.byName(name);
}

/** All built-in types, in the order of their names. */
export function allTypes(): readonly TypeSchema[] {
  return TABLE.all();
}

/** The apiVersions that have built-in types, with the package that their names start with: `apps/v1` -> `apps.v1`. */
export function builtInPackages(): ReadonlyMap<string, string> {
  return PACKAGES;
}

function readGroup(line: string): [apiVersion: string, packageName: string] {
  const [apiVersion = '', packageName = ''] = line.split(' ');
  return [apiVersion, packageName];
}
