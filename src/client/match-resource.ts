import type { ResourceInfo } from '../model/schema/resource-info.ts';

/** An argument cut at its dots: `deployments.v1.apps`, `deployments.apps`, `pods`. */
interface Wanted {
  readonly resource: string;
  readonly group: string;
  readonly version?: string;
}

/**
 * The resource that a person means by `pods`, `po`, `Pod`, `deploy.apps` or `deployments.v1.apps`; undefined when none
 * fits. `resources` is in the server's order of preference, and the first that fits is taken. Mirrors kubectl's builder
 * (mappingFor), apimachinery's DefaultRESTMapper and PriorityRESTMapper, and client-go's shortcut expander.
 */
export function matchResource(resources: readonly ResourceInfo[], argument: string): ResourceInfo | undefined {
  const [resource = '', ...rest] = argument.split('.');
  const group = rest.join('.');
  const [version = '', ...groupParts] = rest;
  const withVersion = groupParts.length > 0 ? { resource, version, group: groupParts.join('.') } : undefined;
  return (
    (withVersion === undefined ? undefined : byResource(resources, withVersion)) ??
    byResource(resources, { resource, group }) ??
    byKind(resources, withVersion ?? { resource, group }) ??
    byKind(resources, { resource, group })
  );
}

function byResource(resources: readonly ResourceInfo[], asked: Wanted): ResourceInfo | undefined {
  const wanted = expandShortName(resources, asked);
  const name = wanted.resource.toLowerCase();
  const named = resources.filter(({ plural, singular }) => plural === name || singular === name);
  if (wanted.version !== undefined) {
    return named.find(({ group, version }) => group === wanted.group && version === wanted.version);
  }
  if (wanted.group === '') return named[0];
  return named.find(({ group }) => group === wanted.group) ?? named.find(({ group }) => group.startsWith(wanted.group));
}

/** A short name with its plural and group; a plural is never taken for a short name. */
function expandShortName(resources: readonly ResourceInfo[], wanted: Wanted): Wanted {
  if (resources.some(({ plural }) => plural === wanted.resource)) return wanted;
  const short = resources.filter(({ shortNames }) => shortNames.includes(wanted.resource));
  const found =
    short.find(({ group }) => wanted.group === '' || group === wanted.group) ??
    short.find(({ group }) => group.startsWith(wanted.group));
  return found === undefined ? wanted : { ...wanted, resource: found.plural, group: found.group };
}

function byKind(resources: readonly ResourceInfo[], wanted: Wanted): ResourceInfo | undefined {
  return resources.find(
    ({ kind, group, version }) =>
      kind === wanted.resource &&
      group === wanted.group &&
      (wanted.version === undefined || version === wanted.version),
  );
}
