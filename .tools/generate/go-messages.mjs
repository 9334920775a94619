// Go structs -> messages: fields in declaration order with JSON name, protobuf number, resolved type and markers.
import { basename } from 'node:path';
import { tagValue } from './go-source.mjs';

const META = 'k8s.io/apimachinery/pkg/apis/meta/v1';
const SCALARS = {
  any: 'J',
  string: 's',
  int32: 'i',
  int64: 'l',
  int: 'l',
  bool: 'b',
  '[]byte': 'y',
  float64: 'd',
  uint32: 'u',
  uint64: 'v',
  uint8: 'u',
};
/** Types with a JSON form of their own. */
const SPECIAL = {
  [`${META}.Time`]: 'T',
  [`${META}.MicroTime`]: 'M',
  [`${META}.Duration`]: 'D',
  [`${META}.FieldsV1`]: 'F',
  'k8s.io/apimachinery/pkg/api/resource.Quantity': 'Q',
  'k8s.io/apimachinery/pkg/util/intstr.IntOrString': 'I',
  'k8s.io/apimachinery/pkg/runtime.RawExtension': 'R',
};
for (const name of ['JSON', 'JSONSchemaPropsOrArray', 'JSONSchemaPropsOrBool', 'JSONSchemaPropsOrStringArray']) {
  for (const version of ['v1', 'v1beta1']) {
    SPECIAL[`k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/${version}.${name}`] = `X${name}`;
  }
}
/** Named strings of packages whose other declarations are of no interest. */
const NAMED_STRINGS = ['UID', 'NodeName', 'PatchType'].map((name) => `k8s.io/apimachinery/pkg/types.${name}`);

/** Messages by qualified name, added with what they refer to. */
export class GoMessages {
  messages = {};
  /** @readonly */
  #source;

  constructor(source) {
    this.#source = source;
  }

  /** Adds every API struct of a package. */
  addPackage(importPath) {
    for (const [name, type] of Object.entries(this.#source.package(importPath).types)) {
      if (type.kind !== 'struct' || type.opaque) continue;
      if (type.fields.some((field) => /protobuf:|json:/.test(field.tag))) this.add(`${importPath}.${name}`);
    }
  }

  add(qualified) {
    if (this.messages[qualified] !== undefined) return;
    const dot = qualified.lastIndexOf('.');
    const pkg = this.#source.package(qualified.slice(0, dot));
    const type = pkg.types[qualified.slice(dot + 1)];
    const message = { fields: [], markers: type.markers, isKind: false };
    this.messages[qualified] = message;
    for (const field of type.fields) this.#addField(message, field, pkg, type.imports);
  }

  #addField(message, field, pkg, imports) {
    const json = tagValue(field.tag, 'json');
    const protobuf = tagValue(field.tag, 'protobuf');
    const [jsonName, ...options] = (json ?? '').split(',');
    if (jsonName === '-' && !protobuf) return;
    // An embedded field without a JSON name is inline, whether or not its tag says so.
    const inline = options.includes('inline') || (!field.go && jsonName === '');
    if (inline && field.type.endsWith('TypeMeta')) {
      message.isKind = true;
      return;
    }
    const resolved = this.#resolve(field.type, pkg, imports);
    if (inline && !protobuf) {
      if (resolved.message === undefined) return;
      this.#flatten(message, resolved.message);
      return;
    }
    this.#visit(resolved);
    message.fields.push({
      name: inline ? '' : jsonName || (field.go ?? field.type),
      number: Number(protobuf?.split(',')[1] ?? 0),
      type: resolved,
      omitEmpty: options.includes('omitempty'),
      omitZero: options.includes('omitzero'),
      markers: field.markers,
      default: defaultOf(field.markers, pkg),
      patchStrategy: tagValue(field.tag, 'patchStrategy'),
      patchMergeKey: tagValue(field.tag, 'patchMergeKey'),
    });
  }

  #flatten(message, inlined) {
    this.add(inlined);
    message.fields.push(...this.messages[inlined].fields);
    message.isKind ||= this.messages[inlined].isKind;
  }

  #visit(type) {
    if (type.message !== undefined) this.add(type.message);
    if (type.list !== undefined) this.#visit(type.list);
    if (type.map !== undefined) this.#visit(type.map);
  }

  /** A Go type expression as { scalar | message | list | map, pointer, wrapped, goType, enum, markers }. */
  #resolve(expression, pkg, imports) {
    const pointer = expression.startsWith('*');
    if (pointer) return { ...this.#resolve(expression.slice(1), pkg, imports), pointer };
    if (SCALARS[expression] !== undefined) return { scalar: SCALARS[expression] };
    if (expression.startsWith('[]')) return { list: this.#resolve(expression.slice(2), pkg, imports) };
    const map = /^map\[([\w.]+)\](.*)$/.exec(expression);
    if (map) return { map: this.#resolve(map[2], pkg, imports) };
    const foreign = /^(\w+)\.(\w+)$/.exec(expression);
    const importPath = foreign ? imports[foreign[1]] : pkg.importPath;
    if (importPath === undefined) throw new Error(`unknown import of ${expression} in ${pkg.importPath}`);
    return this.#named(importPath, foreign ? foreign[2] : expression);
  }

  #named(importPath, name) {
    const qualified = `${importPath}.${name}`;
    const goType = `${basename(importPath)}.${name}`;
    if (SPECIAL[qualified] !== undefined) return { scalar: SPECIAL[qualified] };
    if (NAMED_STRINGS.includes(qualified)) return { scalar: 's', goType };
    const pkg = this.#source.package(importPath);
    const type = pkg.types[name];
    if (type === undefined) return { unknown: qualified }; // an error only if a served kind reaches it
    if (type.kind === 'struct') return { message: qualified, markers: type.markers };
    const resolved = this.#resolve(type.of, pkg, type.imports);
    if (type.alias) return resolved;
    const markers = { ...resolved.markers, ...type.markers };
    const found = { ...resolved, goType, markers };
    // A named slice with a protobuf marker is stored as a message with repeated items.
    if (resolved.list && Object.keys(type.markers).some((each) => each.startsWith('protobuf'))) found.wrapped = true;
    const isEnum = 'enum' in type.markers || 'k8s:enum' in type.markers;
    if (resolved.scalar === 's' && isEnum) found.enum = pkg.constants[name];
    return found;
  }
}

/** The JSON text of a `+default` marker; a reference to a constant is resolved. */
function defaultOf(markers, pkg) {
  const text = markers.default?.[0] ?? markers['k8s:default']?.[0];
  const reference = /^ref\((?:.*\.)?(\w+)\)$/.exec(text ?? '');
  if (!reference) return text;
  if (pkg.values[reference[1]] === undefined) throw new Error(`${pkg.importPath}: no constant ${reference[1]}`);
  return JSON.stringify(pkg.values[reference[1]]);
}

/** Throws when struct tags and generated.proto disagree on a field number (Time and MicroTime are special anyway). */
export function checkAgainstProto(messages, importPath, proto) {
  let message;
  let numbers;
  const wrong = [];
  const close = () => {
    if (message === undefined) return;
    const own = new Set(message.fields.map((field) => field.number).filter((each) => each > 0));
    for (const each of own) if (!numbers.has(each)) wrong.push(`${importPath} tag ${each}`);
    for (const each of numbers) if (!own.has(each)) wrong.push(`${importPath} proto ${each}`);
  };
  for (const line of proto.split('\n')) {
    const start = /^message (\w+) \{/.exec(line);
    if (start) {
      close();
      message = /^(Time|MicroTime|Timestamp|Duration|FieldsV1)$/.test(start[1])
        ? undefined
        : messages[`${importPath}.${start[1]}`];
      numbers = new Set();
    }
    const field = /^\s+(?:optional|repeated|map<[^>]+>)\s*[\w.]*\s+\w+ = (\d+);/.exec(line);
    if (field && message !== undefined) numbers.add(Number(field[1]));
  }
  close();
  if (wrong.length > 0) throw new Error(`tags and generated.proto disagree: ${wrong.join(', ')}`);
}
