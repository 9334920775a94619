import { deepClone } from '../../../model/deep-clone.ts';
import { isJsonObject, type JsonValue } from '../../../model/json-value.ts';
import { pruneUnknownFields } from './prune.ts';
import { type Schema, valueSchemaOf } from './schema.ts';

/** A default inside an object that has nothing else, and the way back to it. */
type Surrounding = (value: JsonValue) => { root: JsonValue; read: (root: JsonValue) => JsonValue | undefined };

/** A schema whose defaults hold nothing that the schema does not specify. */
export function pruneDefaults(root: Schema): Schema {
  return withPruned(root, root, (value) => ({ root: value, read: (found) => found }));
}

function withPruned(schema: Schema, root: Schema, surround: Surrounding): Schema {
  const values = valueSchemaOf(schema);
  const pruned: Schema = {
    ...schema,
    default: schema.default === undefined ? undefined : prunedDefault(schema.default, root, surround),
    properties: new Map(
      [...schema.properties].map(([name, property]) => [name, withPruned(property, root, insideField(surround, name))]),
    ),
    additionalProperties:
      values === undefined ? schema.additionalProperties : withPruned(values, root, insideField(surround, '*')),
    items: schema.items === undefined ? undefined : withPruned(schema.items, root, insideList(surround)),
  };
  return pruned;
}

function prunedDefault(value: JsonValue, root: Schema, surround: Surrounding): JsonValue | undefined {
  if (value === null || typeof value !== 'object') return value;
  const { root: object, read } = surround(deepClone(value));
  if (isJsonObject(object)) pruneUnknownFields(object, root);
  return read(object);
}

function insideField(surround: Surrounding, name: string): Surrounding {
  return (value) => {
    const { root, read } = surround({ [name]: value });
    return {
      root,
      read(found) {
        const parent = read(found);
        return isJsonObject(parent) ? parent[name] : undefined;
      },
    };
  };
}

function insideList(surround: Surrounding): Surrounding {
  return (value) => {
    const { root, read } = surround([value]);
    return {
      root,
      read(found) {
        const parent = read(found);
        return Array.isArray(parent) ? parent[0] : undefined;
      },
    };
  };
}
