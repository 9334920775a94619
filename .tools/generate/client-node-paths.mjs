// What the generated API classes of @kubernetes/client-node say of paths: plural, kind, scope and verbs of every resource.
// The files are read as text and never run.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PATH = /^\/(?:api\/(v1)|apis\/([^/]+)\/([^/{]+))\/(watch\/)?(?:namespaces\/\{namespace\}\/)?(.+)$/;
const NAMED_VERBS = { GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete', POST: 'create' };

/** Resources as { groupVersion, plural, subresource, kind, namespaced, verbs }, in the order of their paths. */
export function readPaths(clientNode) {
  const apis = join(clientNode, 'dist/gen/apis');
  // Files of kinds that are gone stay in the package; the live ones are those that the typed API imports.
  const index = readFileSync(join(clientNode, 'dist/gen/types/ObservableAPI.js'), 'utf8');
  const live = new Set([...index.matchAll(/apis\/(\w+Api\.js)/g)].map((each) => each[1]));
  const found = new Map();
  for (const file of readdirSync(apis).sort()) {
    if (live.has(file)) readApi(readFileSync(join(apis, file), 'utf8'), found);
  }
  return [...found.values()].map(({ model, ...resource }) => ({
    ...resource,
    kind: kindOf(model),
    verbs: [...resource.verbs].sort((a, b) => (a < b ? -1 : 1)),
  }));
}

/** `V1Pod`, `CoreV1Event` -> `Pod`, `Event`. */
function kindOf(model = '') {
  return model.replace(/^(?:[A-Z][a-z]+(?=V\d))?V\d+(?:alpha\d|beta\d)?/, '');
}

function readApi(text, found) {
  const models = {};
  const answers = /async (\w+)WithHttpInfo\(response\) \{[\s\S]*?deserialize\([^"]*"([\w.<>]+)"/g;
  for (const [, operation, model] of text.matchAll(answers)) models[operation] = model;
  const requests = /async (\w+)\([^)]*\) \{[\s\S]*?const localVarPath = '([^']+)'[\s\S]*?HttpMethod\.(\w+)\)/g;
  for (const [, operation, path, method] of text.matchAll(requests)) addRequest(found, path, method, models[operation]);
}

function addRequest(found, path, method, model) {
  const parts = PATH.exec(path);
  if (!parts || parts[4] || parts[5].startsWith('{')) return;
  const rest = parts[5].split('/');
  const groupVersion = parts[1] ?? `${parts[2]}/${parts[3]}`;
  const [plural] = rest;
  const hasName = rest[1] === '{name}';
  const subresource = hasName ? (rest[2] ?? '').replace(/^\{.*/, '') : '';
  const namespaced = path.includes('/namespaces/{namespace}/') && !(groupVersion === 'v1' && plural === 'namespaces');
  const key = `${groupVersion} ${plural}/${subresource}`;
  const blank = { groupVersion, plural, subresource, namespaced: false, verbs: new Set(), model: undefined };
  const resource = found.get(key) ?? blank;
  found.set(key, resource);
  resource.namespaced ||= namespaced;
  for (const verb of verbsOf(method, hasName)) resource.verbs.add(verb);
  // A list's model is read where nothing else names the kind.
  if (!/^(V1Status|string|any)$/.test(model ?? 'any')) resource.model ??= hasName ? model : model.replace(/List$/, '');
}

function verbsOf(method, hasName) {
  if (hasName) return NAMED_VERBS[method] === undefined ? [] : [NAMED_VERBS[method]];
  return { GET: ['list', 'watch'], POST: ['create'], DELETE: ['deletecollection'] }[method] ?? [];
}

/** A model's fields as name -> { type, required }. */
export function readModel(clientNode, model) {
  const models = join(clientNode, 'dist/gen/models');
  const declared = readFileSync(join(models, `${model}.d.ts`), 'utf8');
  const text = readFileSync(join(models, `${model}.js`), 'utf8');
  const fields = {};
  for (const [, name, type] of text.matchAll(/"baseName": "([^"]+)",\s*"type": "([^"]+)"/g)) {
    fields[name] = { type, required: !new RegExp(`'${name}'\\?:`).test(declared) };
  }
  return fields;
}
