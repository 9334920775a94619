import type { ResourceInfo } from '../model/schema/resource-info.ts';
import { UserError } from '../model/user-error.ts';
import type { Context } from './context.ts';

/** The resource of a kind that the command itself needs. Throws UserError when the server has none. */
export async function resourceOf(apiVersion: string, kind: string, context: Context): Promise<ResourceInfo> {
  const { mapper } = await context.client();
  const resource = await mapper.resourceForKind(apiVersion, kind);
  if (resource === undefined) {
    throw new UserError(`no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`);
  }
  return resource;
}
