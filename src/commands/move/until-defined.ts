import { isJsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';
import { pause } from '../pause.ts';

/** How long a definition may take to be established, and its kind to be served then. */
const PATIENCE = 60_000;
const POLL = 100;

/** Waits until the kinds that definitions define are served. Rejects with UserError when that takes more than a minute. */
export async function untilDefined(definitions: readonly KubeObject[], context: Context): Promise<void> {
  const { mapper } = await context.client();
  const end = context.now().getTime() + PATIENCE;
  for (const definition of definitions) {
    const kinds = kindsOf(definition);
    for (const { apiVersion, kind } of kinds) {
      while ((await mapper.resourceForKind(apiVersion, kind)) === undefined) {
        if (context.now().getTime() > end) {
          throw new UserError(
            `timed out waiting for ${kind} in ${apiVersion} to be served, which customresourcedefinitions/${definition.metadata.name ?? ''} defines`,
          );
        }
        await pause(POLL, context.signal);
      }
    }
  }
}

function kindsOf(definition: KubeObject): { apiVersion: string; kind: string }[] {
  const spec = definition['spec'];
  const names = isJsonObject(spec) ? spec['names'] : undefined;
  const kind = isJsonObject(names) ? names['kind'] : undefined;
  if (
    !isJsonObject(spec) ||
    typeof spec['group'] !== 'string' ||
    typeof kind !== 'string' ||
    !Array.isArray(spec['versions'])
  ) {
    return [];
  }
  const { group } = spec;
  return spec['versions'].flatMap((version) =>
    isJsonObject(version) && version['served'] === true && typeof version['name'] === 'string'
      ? [{ apiVersion: `${group}/${version['name']}`, kind }]
      : [],
  );
}
