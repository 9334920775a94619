import { fieldAlways } from './resource-fields.ts';
import { celName } from './cel-names.ts';
import { type Schema, valueSchemaOf } from '../schema/schema.ts';

/** A type of expressions, in the notation of the CEL library: `int`, `list<string>`, `map<string, dyn>`, `Object1`. */
export type CelType =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'list'; readonly name: string; readonly item: CelType }
  | { readonly kind: 'map'; readonly name: string; readonly value: CelType }
  | { readonly kind: 'object'; readonly name: string; readonly fields: ReadonlyMap<string, CelField> };

/** A field of an object: what expressions call it, and its type there. */
export interface CelField {
  readonly celName: string;
  readonly type: CelType;
  /** What the library is told: anything, when the field may be null. */
  readonly declared: string;
}

export const TIMESTAMP = 'google.protobuf.Timestamp';
export const DURATION = 'google.protobuf.Duration';

const STRING_FORMATS: Readonly<Record<string, string>> = {
  byte: 'bytes',
  duration: DURATION,
  date: TIMESTAMP,
  'date-time': TIMESTAMP,
};
const SCALARS: Readonly<Record<string, string>> = { boolean: 'bool', number: 'double', integer: 'int' };

/** Gives schemas their types. Each object type has a name of its own, and is told to `declare` once. */
export class CelTypes {
  readonly #types = new Map<Schema, CelType | undefined>();
  readonly #declare: (type: CelType & { kind: 'object' }) => void;
  readonly #nameOf: typeof celName;
  #count = 0;

  /** `nameOf` says how expressions name a field. */
  constructor(declare: (type: CelType & { kind: 'object' }) => void, nameOf: typeof celName = celName) {
    this.#nameOf = nameOf;
    this.#declare = declare;
  }

  /** Undefined for values that expressions do not see: those without a type. `isResource`: has apiVersion, kind, metadata. */
  typeOf(schema: Schema, isResource = schema.embeddedResource): CelType | undefined {
    if (this.#types.has(schema)) return this.#types.get(schema);
    const type = this.#make(schema, isResource);
    this.#types.set(schema, type);
    return type;
  }

  #make(schema: Schema, isResource: boolean): CelType | undefined {
    if (schema.intOrString) return { kind: 'scalar', name: 'dyn' };
    if (schema.type === 'string') return { kind: 'scalar', name: STRING_FORMATS[schema.format] ?? 'string' };
    if (schema.type === 'array') return this.#list(schema);
    if (schema.type === 'object') return this.#object(schema, isResource);
    const name = SCALARS[schema.type];
    return name === undefined ? undefined : { kind: 'scalar', name };
  }

  #list({ items }: Schema): CelType | undefined {
    const item = items === undefined ? undefined : this.typeOf(items);
    if (items === undefined || item === undefined) return undefined;
    return { kind: 'list', name: `list<${declaredName(items, item)}>`, item };
  }

  #object(schema: Schema, isResource: boolean): CelType | undefined {
    const values = valueSchemaOf(schema);
    if (values !== undefined) {
      const value = this.typeOf(values);
      if (value === undefined) return undefined;
      return { kind: 'map', name: `map<string, ${declaredName(values, value)}>`, value };
    }
    const fields = new Map<string, CelField>();
    const properties = new Map([...schema.properties, ...(isResource ? fieldAlways(schema) : [])]);
    for (const [name, property] of properties) {
      const escaped = this.#nameOf(name);
      const type = this.typeOf(property);
      if (escaped === undefined || type === undefined) continue;
      fields.set(name, { celName: escaped, type, declared: declaredName(property, type) });
    }
    const type: CelType & { kind: 'object' } = { kind: 'object', name: `Object${++this.#count}`, fields };
    this.#declare(type);
    return type;
  }
}

function declaredName({ nullable }: Schema, { name }: CelType): string {
  return nullable ? 'dyn' : name;
}
