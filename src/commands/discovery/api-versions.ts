import { isJsonObject } from '../../model/json-value.ts';
import { StatusError } from '../../model/status.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../usage-error.ts';

/** `api-versions`: every API version that the server serves. */
export const apiVersions: Command = defineCommand<void>({
  use: 'api-versions',
  description: 'List the API versions that the server serves, as "group/version".',
  examples: [{ comment: 'All API versions', command: 'kubectl api-versions' }],
  flags: [],
  parse({ args }) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`);
  },
  async run(_options, context) {
    const [core, groups] = await Promise.all([get('/api', context), get('/apis', context)]);
    const versions = [
      ...strings(core['versions']),
      ...objects(groups['groups']).flatMap((group) =>
        objects(group['versions']).flatMap((each) => strings([each['groupVersion']])),
      ),
    ];
    for (const version of versions.toSorted()) context.streams.out.write(`${version}\n`);
  },
});

/** Empty where the server has nothing there, or does not let us see it. */
async function get(path: string, context: Context): Promise<Record<string, unknown>> {
  const client = await context.client();
  try {
    const { body } = await client.request({
      method: 'GET',
      path,
      headers: { accept: 'application/json' },
      signal: context.signal,
    });
    return isJsonObject(body) ? body : {};
  } catch (error) {
    if (error instanceof StatusError && (error.code === 404 || error.code === 403)) return {};
    throw error;
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
