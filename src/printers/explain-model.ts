import { isJsonObject } from '../model/json-value.ts';
import { UserError } from '../model/user-error.ts';
import type { TextSink } from './resource-printer.ts';
import { wordWrap } from './word-wrap.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What is to be explained. */
export interface ExplainRequest {
  /** An OpenAPI v3 document of the resource's group and version. */
  readonly document: Schema;
  readonly resource: { readonly group: string; readonly version: string; readonly plural: string };
  /** The way to the field; empty for the whole. */
  readonly fields: readonly string[];
  readonly recursive: boolean;
}

/**
 * Prints what an OpenAPI document says of a resource or of one of its fields, laid out as kubectl's plaintext template.
 * Throws UserError in kubectl's words when there is no such resource or field; the heading is printed by then.
 */
export function explainModel({ document, resource, fields, recursive }: ExplainRequest, out: TextSink): void {
  const { group, version, plural } = resource;
  const gvk = kindOf(document, resource);
  if (gvk === undefined) {
    throw new UserError(`error: GVR (${group}/${version}, Resource=${plural}) not found in OpenAPI schema`);
  }
  const heading = [
    ...(gvk.group === '' ? [] : [`GROUP:      ${gvk.group}`]),
    `KIND:       ${gvk.kind}`,
    `VERSION:    ${gvk.version}`,
  ];
  out.write(`${heading.join('\n')}\n\n`);
  const schema = schemaOf(document, gvk);
  if (schema === undefined) throw new UserError(`error: GVK ${goMap(gvk)} not found in OpenAPI schema`);
  const text = new Explainer(document, recursive).output(schema, fields, new Set());
  if (text === '') throw new UserError(`error: field ${JSON.stringify(fields.at(-1) ?? '')} does not exist`);
  out.write(`${text}\n`);
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The kind that a path of the resource says it is for. */
function kindOf(
  document: Schema,
  { group, version, plural }: ExplainRequest['resource'],
): GroupVersionKind | undefined {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const paths = objectAt(document, 'paths');
  const candidates = [root, `${root}/namespaces/{namespace}`].flatMap((each) => [
    `${each}/${plural}`,
    `${each}/${plural}/{name}`,
  ]);
  for (const path of candidates) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
      const gvk = objectAt(objectAt(objectAt(paths, path), method), 'x-kubernetes-group-version-kind');
      if (gvk !== undefined) {
        return { group: text(gvk['group']), version: text(gvk['version']), kind: text(gvk['kind']) };
      }
    }
  }
  return undefined;
}

function schemaOf(document: Schema, { group, version, kind }: GroupVersionKind): Schema | undefined {
  const schemas = Object.values(objectAt(objectAt(document, 'components'), 'schemas') ?? {});
  return schemas.filter(isJsonObject).find((schema) => {
    const kinds = schema['x-kubernetes-group-version-kind'];
    return (
      Array.isArray(kinds) &&
      kinds
        .filter(isJsonObject)
        .some((each) => each['group'] === group && each['version'] === version && each['kind'] === kind)
    );
  });
}

function goMap({ group, version, kind }: GroupVersionKind): string {
  return `map[group:${group} kind:${kind} version:${version}]`;
}

class Explainer {
  readonly #document: Schema;
  readonly #recursive: boolean;

  constructor(document: Schema, recursive: boolean) {
    this.#document = document;
    this.#recursive = recursive;
  }

  /** The whole text of a field; empty when the way leads nowhere. `seen` are the references on the way to it. */
  output(schema: Schema, fields: readonly string[], seen: ReadonlySet<string>): string {
    const reference = text(schema['$ref']);
    const resolved = this.#resolve(schema);
    const [field, ...below] = fields;
    if (field === undefined) return this.#model(resolved);
    if (reference !== '' && seen.has(reference)) return '';
    const next = new Set([...seen, reference]);
    const property = objectAt(objectAt(resolved, 'properties'), field);
    if (property !== undefined) {
      const heading = below.length > 0 ? '' : `FIELD: ${field} <${this.#type(property)}>\n${longEnum(property)}\n\n`;
      // A field of a field may be of a type that was seen before.
      const rest = this.output(property, below, new Set());
      return rest === '' && below.length > 0 ? '' : heading + rest;
    }
    const inside = objectAt(resolved, 'items') ?? objectAt(resolved, 'additionalProperties');
    if (inside !== undefined) return this.output(inside, fields, next);
    for (const each of objects(resolved['allOf'])) {
      const found = this.output(each, fields, next);
      if (found !== '') return found;
    }
    return '';
  }

  #model(schema: Schema): string {
    const description = this.#description(schema) || '<empty>';
    const external = externalDocs(schema, 0);
    const list = this.#fieldList(schema, 1, new Set());
    return `DESCRIPTION:\n${indent(wordWrap(description, 76), 4)}\n${external === '' ? '' : `\n${external}`}${list === '' ? '' : `FIELDS:\n${list}`}`;
  }

  #description(schema: Schema): string {
    const resolved = this.#resolve(schema);
    const own = text(resolved['description']);
    const inside = [...objects(resolved['allOf']), ...objects([resolved['items'], resolved['additionalProperties']])];
    return `${own === '' ? '' : `${own}\n`}${inside.map((each) => this.#description(each)).join('')}`;
  }

  #fieldList(schema: Schema, level: number, seen: ReadonlySet<string>): string {
    const reference = text(schema['$ref']);
    if (reference !== '' && seen.has(reference)) return '';
    const next = new Set([...seen, reference]);
    const resolved = this.#resolve(schema);
    const properties = objectAt(resolved, 'properties') ?? {};
    const lines = Object.keys(properties)
      .toSorted()
      .map((name) => {
        const property = properties[name];
        if (!isJsonObject(property)) return '';
        return (
          this.#field(name, property, resolved, level) +
          (this.#recursive ? this.#fieldList(property, level + 1, next) : '')
        );
      });
    const inside = [...objects(resolved['allOf']), ...objects([resolved['items'], resolved['additionalProperties']])];
    return lines.join('') + inside.map((each) => this.#fieldList(each, level, next)).join('');
  }

  #field(name: string, property: Schema, owner: Schema, level: number): string {
    const spaces = level * 2;
    const { required } = owner;
    const mark = Array.isArray(required) && required.includes(name) ? ' -required-' : '';
    const line = `${indent(name, spaces)}\t<${this.#type(property)}>${mark}${shortEnum(property, spaces)}\n`;
    if (this.#recursive) return line;
    const description = text(property['description']) || '<no description>';
    const external = externalDocs(property, spaces + 2);
    return `${line}${indent(wordWrap(description, 78 - spaces), spaces + 2)}\n${external === '' ? '' : `\n${external}`}\n`;
  }

  /** A type as a person says it: `string`, `[]Container`, `map[string]string`. */
  #type(schema: Schema): string {
    const items = objectAt(schema, 'items');
    if (items !== undefined) return `[]${this.#type(items)}`;
    const values = objectAt(schema, 'additionalProperties');
    if (values !== undefined) return `map[string]${this.#type(values)}`;
    const [only, ...more] = objects(schema['allOf']);
    if (only !== undefined && more.length === 0 && schema['properties'] === undefined) return this.#type(only);
    const reference = text(schema['$ref']);
    if (reference === '') return schema['type'] === 'object' ? 'Object' : text(schema['type']) || 'Object';
    const type = text(this.#referred(reference)?.['type']);
    return type === '' || type === 'object' ? reference.split(/[/.]/).at(-1) || 'Object' : type;
  }

  #resolve(schema: Schema): Schema {
    return this.#referred(text(schema['$ref'])) ?? schema;
  }

  #referred(reference: string): Schema | undefined {
    if (!reference.startsWith('#')) return undefined;
    let found: Schema | undefined = this.#document;
    for (const part of reference.slice(1).split('/')) if (part !== '') found = objectAt(found, part);
    return found;
  }
}

function longEnum(schema: Schema): string {
  const values = schema['enum'];
  return Array.isArray(values) && values.length > 0
    ? `ENUM:${values.map((value) => `\n    ${enumText(value)}`).join('')}`
    : '';
}

/** The first four values. */
function shortEnum(schema: Schema, spaces: number): string {
  const values = schema['enum'];
  if (!Array.isArray(values) || values.length === 0) return '';
  return `\n${indent('', spaces)}enum: ${values.slice(0, 4).map(enumText).join(', ')}${values.length > 4 ? ', ....' : ''}`;
}

function enumText(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '""' : value;
  return value === null ? '<no value>' : JSON.stringify(value);
}

function externalDocs(schema: Schema, spaces: number): string {
  const docs = objectAt(schema, 'externalDocs');
  if (docs === undefined) return '';
  const description = text(docs['description']);
  const url = text(docs['url']);
  const lines = [
    indent('EXTERNAL DOCS:', spaces),
    ...(description === ''
      ? []
      : [indent(wordWrap(description, 76 - Math.max(spaces - 2, 0)), spaces === 0 ? 4 : spaces + 2)]),
    ...(url === '' ? [] : [indent(`URL: ${url}`, spaces === 0 ? 4 : spaces + 2)]),
  ];
  return `${lines.join('\n')}\n`;
}

function indent(lines: string, spaces: number): string {
  const pad = ' '.repeat(spaces);
  return pad + lines.replaceAll('\n', `\n${pad}`);
}

function objectAt(value: Schema | undefined, key: string): Schema | undefined {
  const found = value?.[key];
  return isJsonObject(found) ? found : undefined;
}

function objects(value: unknown): Schema[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
