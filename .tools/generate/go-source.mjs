// Reads the declarations of a Go package that describe API types: structs with tags, named types, constants, +markers.
// Comments are read for their +markers only; nothing of their prose is kept.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const FIELD = /^(?:(\w+)\s+)?([*[\]\w.]+?(?:map\[[\w.]+\])?[*[\]\w.]*)(?:\s+`([^`]*)`)?(?:\s*\/\/.*)?$/;
const ANY_LIST = /^(\w+)\s+\[\]interface\{\}\s+`([^`]*)`/;

/** The packages below the roots (import path prefix -> folder), each read once. */
export class GoSource {
  /** @readonly */
  #roots;
  /** @readonly */
  #packages = new Map();

  constructor(roots) {
    this.#roots = roots;
  }

  folder(importPath) {
    for (const [root, dir] of Object.entries(this.#roots)) {
      if (importPath === root || importPath.startsWith(`${root}/`)) return dir + importPath.slice(root.length);
    }
    return undefined;
  }

  /** { importPath, types: name -> struct or named type, constants: type -> values, values: constant -> value, group } */
  package(importPath) {
    let found = this.#packages.get(importPath);
    if (found === undefined) {
      found = { importPath, types: {}, constants: {}, values: {}, group: undefined };
      this.#packages.set(importPath, found);
      const dir = this.folder(importPath);
      if (dir !== undefined && existsSync(dir)) readPackage(dir, found);
    }
    return found;
  }

  /** Import paths of the packages below a root that are API versions. */
  versions(root, importPath = root, found = []) {
    const dir = this.folder(importPath);
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const below = `${importPath}/${entry.name}`;
      const has = (file) => existsSync(join(dir, entry.name, file));
      if (has('types.go') && has('generated.proto')) found.push(below);
      this.versions(root, below, found);
    }
    return found;
  }
}

function readPackage(dir, into) {
  for (const file of readdirSync(dir).sort()) {
    const isSource = file.endsWith('.go') && !file.endsWith('_test.go');
    if (!isSource || /^(zz_generated|generated|types_swagger)/.test(file)) continue;
    const text = readFileSync(join(dir, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    const group = /GroupName\s*=\s*"([^"]*)"/.exec(text);
    if (group) into.group = group[1];
    const imports = {};
    for (const found of text.matchAll(/^\s*(?:import\s+)?([\w.]+\s+)?"([^"\s]+)"\s*$/gm)) {
      imports[(found[1] || basename(found[2])).trim()] = found[2];
    }
    readDeclarations(text.split('\n'), into, imports);
  }
}

function readDeclarations(lines, into, imports) {
  let comments = [];
  let earlier = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at].trim();
    if (line.startsWith('//')) {
      comments.push(line);
      continue;
    }
    if (line === '') {
      if (comments.length > 0) [earlier, comments] = [comments, []];
      continue;
    }
    const struct = /^type (\w+) struct\s*\{(\})?$/.exec(line);
    const named = /^type (\w+) (=\s*)?([*[\]\w.]+)(\s*\/\/.*)?$/.exec(line);
    const constant = /^(?:const\s+)?(\w+)\s+([\w.]+)\s*=\s*"([^"]*)"/.exec(line);
    const markers = markersOf([...earlier, ...comments]);
    if (constant) {
      into.values[constant[1]] = constant[3];
      (into.constants[constant[2]] ??= []).push(constant[3]);
      comments = [];
      continue;
    }
    if (struct) {
      const type = { kind: 'struct', imports, fields: [], markers };
      into.types[struct[1]] = type;
      if (!struct[2]) at = readFields(lines, at + 1, type);
    } else if (named) {
      into.types[named[1]] = { kind: 'named', imports, of: named[3], alias: Boolean(named[2]), markers };
    }
    [comments, earlier] = [[], []];
  }
}

/** Reads fields up to the closing brace; returns its line. */
function readFields(lines, start, type) {
  let comments = [];
  for (let at = start; ; at++) {
    const line = lines[at].trim();
    if (line === '}') return at;
    if (line.startsWith('//')) {
      comments.push(line);
      continue;
    }
    if (line !== '') {
      const field = FIELD.exec(line);
      const list = ANY_LIST.exec(line);
      if (field) type.fields.push({ go: field[1], type: field[2], tag: field[3] ?? '', markers: markersOf(comments) });
      else if (list) type.fields.push({ go: list[1], type: '[]any', tag: list[2], markers: markersOf(comments) });
      else if (line.includes('`')) throw new Error(`not understood: ${line}`);
      else type.opaque = true;
    }
    comments = [];
  }
}

/** `// +name=value` lines as name -> values. */
function markersOf(lines) {
  const found = {};
  for (const line of lines) {
    const marker = /^\/\/\s*\+([\w:.\-()[\]"]+?)(?:=(.*))?$/.exec(line);
    if (marker) (found[marker[1]] ??= []).push((marker[2] ?? '').trim());
  }
  return found;
}

/** A key's value in a struct tag. */
export function tagValue(tag, key) {
  return new RegExp(`${key}:"([^"]*)"`).exec(tag)?.[1];
}
