import type { ResourceClient, ResourceScope, WriteOptions } from '../../client/client.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { dryRunSuffix, type DryRun } from '../dry-run.ts';
import type { FlagValues } from '../flag-values.ts';
import type { Flag } from '../flag.ts';

/** What `create` does about an object that is there already. */
export type IfExists = 'fail' | 'skip' | 'update';

export const ifExistsFlag: Flag = {
  name: 'if-exists',
  type: 'string',
  values: ['fail', 'skip', 'update'],
  default: 'fail',
  usage:
    "What to do about an object that exists: 'fail', 'skip' to leave it as it is, or 'update' to replace it. kubectl has no such flag.",
};

/** The value of ifExistsFlag. Throws UserError for an unknown one. */
export function ifExistsOf(flags: FlagValues): IfExists {
  const text = flags.string('if-exists');
  if (text === 'fail' || text === 'skip' || text === 'update') return text;
  throw new UserError(`--if-exists must be one of fail, skip, update, not ${JSON.stringify(text)}`);
}

/** What `create` did with an object. */
export type CreateOperation = 'created' | 'exists, skipped' | 'updated' | 'unchanged';

export interface CreateResult {
  readonly object: KubeObject;
  readonly operation: CreateOperation;
}

/** A request to create. */
export interface Creating {
  readonly client: ResourceClient;
  readonly scope: ResourceScope;
  readonly object: KubeObject;
  readonly ifExists: IfExists;
}

/** How often an update that met somebody else's is done anew. */
const MOST_CONFLICTS = 5;

/**
 * Creates an object, or does what was asked about the one that exists. An update replaces what was read just before, and
 * is done anew when somebody else changed it meanwhile; it never makes an object that vanished meanwhile without saying so.
 */
export async function createOr(creating: Creating, options: WriteOptions): Promise<CreateResult> {
  const { client, scope, object, ifExists } = creating;
  for (let conflicts = 0; ; conflicts++) {
    try {
      return { object: await client.create(scope, object, options), operation: 'created' };
    } catch (error) {
      if (ifExists === 'fail' || !(error instanceof StatusError) || error.reason !== 'AlreadyExists') throw error;
    }
    const name = object.metadata.name ?? '';
    try {
      const live = await client.get(scope, name, options.signal === undefined ? {} : { signal: options.signal });
      return ifExists === 'skip'
        ? { object: live, operation: 'exists, skipped' }
        : await replace(live, creating, options);
    } catch (error) {
      // It was changed or deleted between two requests.
      const raced = error instanceof StatusError && (error.reason === 'Conflict' || error.reason === 'NotFound');
      if (!raced || conflicts >= MOST_CONFLICTS) throw error;
    }
  }
}

async function replace(
  live: KubeObject,
  { client, scope, object }: Creating,
  options: WriteOptions,
): Promise<CreateResult> {
  const { resourceVersion } = live.metadata;
  const wanted = {
    ...object,
    metadata: { ...object.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
  };
  const updated = await client.update(scope, wanted, options);
  const same = updated.metadata.resourceVersion === resourceVersion && options.dryRun !== true;
  return { object: updated, operation: same ? 'unchanged' : 'updated' };
}

/** The line that tells what was done. */
export function createdLine(qualifiedName: string, operation: CreateOperation, dryRun: DryRun): string {
  return `${qualifiedName} ${operation}${dryRunSuffix(dryRun)}\n`;
}
