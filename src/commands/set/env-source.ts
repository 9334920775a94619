import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import type { Context } from '../context.ts';
import { Failures } from '../failures.ts';
import { allObjects } from '../find-objects.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import type { EnvVar } from './env-arguments.ts';

/** Where `--from` takes variables from. */
export interface EnvSource {
  readonly request: TargetRequest;
  /** The keys to take; empty for all. */
  readonly keys: readonly string[];
}

const REFERENCES: Readonly<Record<string, string>> = { ConfigMap: 'configMapKeyRef', Secret: 'secretKeyRef' };

/** A variable for each key of ConfigMaps and Secrets, as a reference to it. Throws UserError for other kinds. */
export async function variablesFrom({ request, keys }: EnvSource, context: Context): Promise<EnvVar[]> {
  const failures = new Failures();
  const found = await allObjects(request, 'latest', context, failures);
  failures.throwAny();
  return found.flatMap(({ object }) => {
    const reference = object.apiVersion === 'v1' ? REFERENCES[object.kind] : undefined;
    if (reference === undefined) throw new UserError('unsupported resource specified in --from');
    const { data } = object;
    const present = isJsonObject(data) ? Object.keys(data).sort() : [];
    const wanted = present.filter((key) => keys.length === 0 || keys.includes(key));
    return wanted.map((key) => variableFor(key, reference, object.metadata.name ?? '', context));
  });
}

function variableFor(key: string, reference: string, object: string, context: Context): EnvVar {
  const name = key.replaceAll(/[^a-zA-Z0-9_]/g, '_').toUpperCase();
  if (name !== key) context.warn(`key ${key} transferred to ${name}`);
  const valueFrom: JsonObject = { [reference]: { name: object, key } };
  return { name, valueFrom };
}
