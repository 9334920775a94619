import type { FieldSchema, TypeSchema, ValueSchema } from '../schema/type-schema.ts';
import { PatchError } from './patch-error.ts';

/** How a field is patched: what is known of its value (of its items, for a list) and of the field's own markers. */
export interface FieldPatching {
  readonly schema: PatchSchema;
  /** `merge`, `replace`, or '' where nothing was said. */
  readonly strategy: string;
  readonly retainKeys: boolean;
  /** '' where nothing was said. */
  readonly mergeKey: string;
}

const PLAIN_KINDS: Partial<Record<ValueSchema['kind'], string>> = {
  string: 'string',
  int32: 'int32',
  int64: 'int64',
  uint32: 'uint32',
  uint64: 'uint64',
  bool: 'bool',
  double: 'float64',
  bytes: 'slice',
  list: 'slice',
  map: 'map',
};

/**
 * What strategic merge patches ask about a Go type, with the errors of apimachinery's `PatchMetaFromStruct`: a field that
 * the type lacks is an error as soon as a map or a list has to be merged into it, and nothing below a plain map is known.
 */
export class PatchSchema {
  readonly #value: ValueSchema;

  private constructor(value: ValueSchema) {
    this.#value = value;
  }

  static of(type: TypeSchema): PatchSchema {
    return new PatchSchema({ kind: 'message', pointer: false, message: type });
  }

  /** The Go kind, as errors name it: `struct`, `map`, `ptr`. */
  get kindName(): string {
    return this.#value.pointer ? 'ptr' : plainKind(this.#value);
  }

  /** For a field whose value is an object. Throws PatchError (Internal). */
  forObject(name: string): FieldPatching {
    const field = this.#field(name);
    return patchingOf(field, new PatchSchema(field.value));
  }

  /** For a field whose value is a list; the schema is that of its items. Throws PatchError (Internal). */
  forList(name: string): FieldPatching {
    const field = this.#field(name);
    return patchingOf(field, new PatchSchema(this.#elementOf(field.value)));
  }

  #elementOf(value: ValueSchema): ValueSchema {
    if (value.kind === 'list') {
      if (value.element.kind === 'list' || value.element.kind === 'bytes') {
        throw new PatchError('Internal', 'unexpected slice of slice');
      }
      return value.element;
    }
    if (value.kind === 'bytes') return { kind: 'uint32', pointer: false };
    if (value.pointer) return { ...value, pointer: false };
    throw new PatchError('Internal', `expected slice or array type, but got: ${this.kindName}`);
  }

  #field(name: string): FieldSchema {
    const kind = plainKind(this.#value);
    if (kind !== 'struct') {
      throw new PatchError('Internal', `merging an object in json but data type is not struct, instead is: ${kind}`);
    }
    const type = this.#value.kind === 'message' ? this.#value.message : undefined;
    const field = type?.field(name) ?? (type && foldedField(type, name.toLowerCase()));
    if (field) return field;
    const typeName = type?.goName ?? this.#value.kind;
    throw new PatchError(
      'Internal',
      `unable to find api field in struct ${typeName} for the json field ${JSON.stringify(name)}`,
    );
  }
}

function plainKind(value: ValueSchema): string {
  return PLAIN_KINDS[value.kind] ?? 'struct';
}

/** Go's JSON finds a field by its name in any case when none has it exactly. */
function foldedField(type: TypeSchema, folded: string): FieldSchema | undefined {
  for (const field of type.fields) {
    if (field.name.toLowerCase() === folded) return field;
    if (field.name !== '' || field.value.kind !== 'message') continue;
    const inlined = foldedField(field.value.message, folded);
    if (inlined) return inlined;
  }
  return undefined;
}

function patchingOf(field: FieldSchema, schema: PatchSchema): FieldPatching {
  const strategies = field.patchStrategies;
  const others = strategies.filter((strategy) => strategy !== 'retainKeys');
  if (strategies.length > 2 || others.length > 1) {
    throw new PatchError('Internal', `unexpected patch strategy: [${strategies.join(' ')}]`);
  }
  return {
    schema,
    strategy: others[0] ?? '',
    retainKeys: others.length < strategies.length,
    mergeKey: field.patchMergeKey ?? '',
  };
}
