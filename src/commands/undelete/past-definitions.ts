import { storedValue } from '../../etcd/stored-value.ts';
import { isJsonObject } from '../../model/json-value.ts';
import type { KeyValue } from '../../storage/storage.ts';
import type { ValueTransformer } from '../../storage/value-transformer.ts';

/** The type that a CustomResourceDefinition of the past defines. */
export interface PastDefinition {
  readonly group: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** What people may call it, in lower case. */
  readonly words: readonly string[];
}

/** The definition in a stored value, whichever version it has; none when the value is no definition. */
export function decodedDefinition(kv: KeyValue, values: ValueTransformer): PastDefinition[] {
  const stored = storedValue(kv, values);
  const spec = stored.type === 'object' ? stored.object['spec'] : undefined;
  const names = isJsonObject(spec) ? spec['names'] : undefined;
  if (!isJsonObject(spec) || !isJsonObject(names)) return [];
  const { group, scope } = spec;
  const { plural, singular, kind, shortNames } = names;
  if (typeof group !== 'string' || typeof plural !== 'string') return [];
  const short = Array.isArray(shortNames) ? shortNames : [];
  const words = [plural, singular, kind, ...short]
    .filter((each) => typeof each === 'string')
    .map((each) => each.toLowerCase());
  return [
    {
      group,
      plural,
      namespaced: scope === 'Namespaced',
      words: words.flatMap((word) => [word, `${word}.${group}`]),
    },
  ];
}
