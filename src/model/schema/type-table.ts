import type { FieldSchema, MapSchema, ScalarKind, ScalarSchema, TypeSchema, ValueSchema } from './type-schema.ts';

/*
 * The notation of tables/types.ts. A line is a type: its name, `!` if it has apiVersion and kind, `=` if it is atomic, then
 * its fields, separated by spaces. A field is `name:number:type:flags[:rule]…`.
 *   type   [*] pointer, [<N>] line N of texts.ts is its Go name, then one of: a scalar's letters; `@N` the message of
 *          line N; `[type` a list; `~type` a list stored as a message; `{type` a map
 *   flags  1 omitempty + 2 omitzero
 *   rule   r required; a atomic; l{a|s|m}[keys] list type; p[strategies]/[key] patch; eN enum and dN default in texts.ts
 */
const SCALARS: Readonly<Record<string, ScalarKind>> = {
  s: 'string',
  i: 'int32',
  l: 'int64',
  u: 'uint32',
  v: 'uint64',
  b: 'bool',
  d: 'double',
  y: 'bytes',
  T: 'Time',
  M: 'MicroTime',
  D: 'Duration',
  Q: 'Quantity',
  I: 'IntOrString',
  R: 'RawExtension',
  F: 'FieldsV1',
  J: 'Any',
  XJSON: 'JSON',
  XJSONSchemaPropsOrArray: 'JSONSchemaPropsOrArray',
  XJSONSchemaPropsOrBool: 'JSONSchemaPropsOrBool',
  XJSONSchemaPropsOrStringArray: 'JSONSchemaPropsOrStringArray',
};
const LIST_TYPES: Readonly<Record<string, 'atomic' | 'set' | 'map'>> = { a: 'atomic', s: 'set', m: 'map' };

interface Index {
  readonly types: readonly TableType[];
  readonly byName: ReadonlyMap<string, TableType>;
  readonly texts: readonly string[];
}

/** Types read from the generated tables: the lines are found at the first question, a type's fields at their first use. */
export class TypeTable {
  readonly #types: string;
  readonly #texts: string;
  #index: Index | undefined;

  constructor(types: string, texts: string) {
    this.#types = types;
    this.#texts = texts;
  }

  byName(name: string): TypeSchema | undefined {
    return this.index().byName.get(name);
  }

  /** Every type, in the order of their names. */
  all(): readonly TypeSchema[] {
    return this.index().types;
  }

  index(): Index {
    if (this.#index === undefined) {
      const types = this.#types.split('\n').map((line) => new TableType(line, this));
      const byName = new Map(types.map((type) => [type.name, type]));
      this.#index = { types, byName, texts: this.#texts.split('\n') };
    }
    return this.#index;
  }
}

class TableType implements TypeSchema {
  readonly name: string;
  readonly isKind: boolean;
  readonly atomic: boolean;
  readonly #line: string;
  readonly #table: TypeTable;
  #fields: readonly FieldSchema[] | undefined;
  #byName: Map<string, FieldSchema> | undefined;

  constructor(line: string, table: TypeTable) {
    const space = line.indexOf(' ');
    let head = space < 0 ? line : line.slice(0, space);
    this.atomic = head.endsWith('=');
    if (this.atomic) head = head.slice(0, -1);
    this.isKind = head.endsWith('!');
    this.name = this.isKind ? head.slice(0, -1) : head;
    this.#line = space < 0 ? '' : line.slice(space + 1);
    this.#table = table;
  }

  get goName(): string {
    return this.name.slice(this.name.lastIndexOf('.') + 1);
  }

  get fields(): readonly FieldSchema[] {
    if (this.#fields === undefined) {
      const reader = new FieldReader(this.#table.index(), this.name.slice(0, this.name.lastIndexOf('.')));
      this.#fields = this.#line === '' ? [] : this.#line.split(' ').map((text) => reader.field(text));
    }
    return this.#fields;
  }

  field(name: string): FieldSchema | undefined {
    this.#byName ??= namedFields(this.fields, new Map());
    return this.#byName.get(name);
  }
}

/** Fields by JSON name; those of inlined structs stand among their parent's. */
function namedFields(fields: readonly FieldSchema[], found: Map<string, FieldSchema>): Map<string, FieldSchema> {
  for (const field of fields) {
    if (field.name !== '') found.set(field.name, field);
    else if (field.value.kind === 'message') namedFields(field.value.message.fields, found);
  }
  return found;
}

type Rules = { -readonly [Key in keyof FieldSchema]?: FieldSchema[Key] };

class FieldReader {
  readonly #index: Index;
  readonly #package: string;

  constructor(index: Index, packageName: string) {
    this.#index = index;
    this.#package = packageName;
  }

  field(text: string): FieldSchema {
    const [name = '', number = '0', type = '', flags = '0', ...rules] = text.split(':');
    const value = this.#value(type);
    const field: FieldSchema = {
      name,
      number: Number(number),
      value,
      omitEmpty: (Number(flags) & 1) !== 0,
      omitZero: (Number(flags) & 2) !== 0,
      required: false,
      listMapKeys: [],
      atomic: value.kind === 'message' && value.message.atomic,
      patchStrategies: [],
    };
    return rules.length === 0 ? field : Object.assign(field, ...rules.map((rule) => this.#rule(rule)));
  }

  #rule(text: string): Rules {
    const rest = text.slice(1);
    switch (text.charAt(0)) {
      case 'r':
        return { required: true };
      case 'a':
        return { atomic: true };
      case 'l':
        return listRule(rest);
      case 'p':
        return patchRule(rest);
      case 'e':
        return { enum: this.#text(rest).split(',') };
      case 'd':
        return { default: JSON.parse(this.#text(rest)) as unknown };
      default:
        throw new Error(`types.ts has a rule that is not known: ${text}`);
    }
  }

  #text(number: string): string {
    return this.#index.texts[Number(number)] ?? '';
  }

  #value(text: string): ValueSchema {
    const pointer = text.startsWith('*');
    const named = /^\*?<(\d+)>/.exec(text);
    const goType = named?.[1] === undefined ? {} : { goType: this.#text(named[1]) };
    const body = text.slice(named === null ? Number(pointer) : named[0].length);
    const rest = body.slice(1);
    switch (body.charAt(0)) {
      case '@':
        return { kind: 'message', pointer, ...goType, message: this.#message(Number(rest)) };
      case '[':
      case '~':
        return { kind: 'list', pointer, ...goType, element: this.#value(rest), wrapped: body.startsWith('~') };
      case '{':
        return { kind: 'map', pointer, ...goType, element: this.#value(rest) } satisfies MapSchema;
      default:
        return this.#scalar(body, { pointer, ...goType });
    }
  }

  #message(line: number): TypeSchema {
    const type = this.#index.types[line];
    if (type === undefined) throw new Error(`types.ts has no line ${line}`);
    return type;
  }

  #scalar(letters: string, rest: { pointer: boolean; goType?: string }): ScalarSchema {
    const kind = SCALARS[letters];
    if (kind === undefined) throw new Error(`types.ts has a type that is not known: ${letters}`);
    const props = letters.startsWith('XJSONSchema')
      ? this.#index.byName.get(`${this.#package}.JSONSchemaProps`)
      : undefined;
    return { kind, ...rest, ...(props === undefined ? {} : { message: props }) };
  }
}

function listRule(text: string): Rules {
  const listType = LIST_TYPES[text[0] ?? ''];
  const keys = text.slice(1);
  return { ...(listType === undefined ? {} : { listType }), listMapKeys: keys === '' ? [] : keys.split(',') };
}

function patchRule(text: string): Rules {
  const [strategies = '', key = ''] = text.split('/');
  const patchStrategies = strategies === '' ? [] : strategies.split(',');
  return key === '' ? { patchStrategies } : { patchStrategies, patchMergeKey: key };
}
