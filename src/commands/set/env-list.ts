import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import type { Streams } from '../context.ts';
import { type ReferencedValues, referenceText } from './env-reference.ts';
import { objectsIn } from '../objects-in.ts';

export interface EnvListing {
  readonly values: ReferencedValues;
  /** Whether references are followed. */
  readonly resolve: boolean;
  /** Whether what envFrom takes is listed too. */
  readonly envFrom: boolean;
}

/** Prints the environment of a container, line by line; references that lead nowhere are told on standard error. */
export async function listEnvironment(
  object: KubeObject,
  container: JsonObject,
  listing: EnvListing,
  streams: Streams,
): Promise<void> {
  const name = typeof container['name'] === 'string' ? container['name'] : '';
  streams.out.write(`# ${object.kind} ${object.metadata.name ?? ''}, container ${name}\n`);
  const problems = new Map<string, string[]>();
  const attempt = async (variable: string, reference: string, lines: () => Promise<string[]>): Promise<void> => {
    try {
      if (listing.resolve) {
        for (const line of await lines()) streams.out.write(`${line}\n`);
        return;
      }
    } catch (error) {
      if (!(error instanceof UserError) && !(error instanceof StatusError)) throw error;
      problems.set(error.message, [...(problems.get(error.message) ?? []), variable]);
    }
    streams.out.write(`# ${variable} from ${reference}\n`);
  };
  for (const source of listing.envFrom ? objectsIn(container, 'envFrom') : []) {
    const { text, lines } = sourceOf(source, listing.values);
    await attempt('all keys', text, lines);
  }
  for (const variable of objectsIn(container, 'env')) {
    const {
      name: key = '',
      value = '',
      valueFrom,
    } = variable as { name?: string; value?: string; valueFrom?: JsonObject };
    if (!isJsonObject(valueFrom)) streams.out.write(`${key}=${value}\n`);
    else {
      await attempt(key, referenceText(valueFrom), async () => [
        `${key}=${await listing.values.valueOf(valueFrom, object, container)}`,
      ]);
    }
  }
  const lines = [...problems].map(
    ([why, names]) => `error retrieving reference for ${names.sort().join(', ')}: ${why}\n`,
  );
  for (const line of lines.sort()) streams.err.write(line);
}

/** What an entry of envFrom takes, in words and as lines. */
function sourceOf(source: JsonObject, values: ReferencedValues): { text: string; lines: () => Promise<string[]> } {
  const kind = isJsonObject(source['secretRef']) ? 'Secret' : 'ConfigMap';
  const reference = source[kind === 'Secret' ? 'secretRef' : 'configMapRef'];
  const { name = '', optional = false } = (isJsonObject(reference) ? reference : {}) as {
    name?: string;
    optional?: boolean;
  };
  const prefix = typeof source['prefix'] === 'string' ? source['prefix'] : '';
  return {
    text: `${kind.toLowerCase()} ${name}${prefix === '' ? '' : `, prefix ${prefix}`}`,
    lines: async () => {
      const data = await dataOf(kind, name, optional, values);
      const decoded = (value: unknown): string =>
        kind === 'Secret' ? Buffer.from(String(value), 'base64').toString('utf8') : String(value);
      return Object.keys(data)
        .sort()
        .map((key) => `${prefix}${key}=${decoded(data[key])}`);
    },
  };
}

async function dataOf(
  kind: 'ConfigMap' | 'Secret',
  name: string,
  optional: boolean,
  values: ReferencedValues,
): Promise<JsonObject> {
  try {
    return await values.dataOf(kind, name);
  } catch (error) {
    if (optional && error instanceof StatusError && error.reason === 'NotFound') return {};
    throw error;
  }
}
