// Messages -> the text of tables/types.ts. The notation is described there and read by src/model/schema/type-table.ts.
import { AGGREGATOR_TYPES, FOREIGN_KINDS } from './hand-facts.mjs';
import { readModel } from './client-node-paths.mjs';

const META = 'k8s.io/apimachinery/pkg/apis/meta/v1.';
const SPECIAL_META = /^k8s\.io\/apimachinery\/pkg\/apis\/meta\/v1\.(Time|MicroTime|Duration|Timestamp|FieldsV1)$/;

/** `k8s.io/api/core/v1.Pod` -> `core.v1.Pod`. */
export function shortName(qualified) {
  const roots = [
    'apimachinery/pkg/apis',
    'apimachinery/pkg',
    'apiextensions-apiserver/pkg/apis',
    'metrics/pkg/apis',
    'api',
  ];
  const root = roots.find((each) => qualified.startsWith(`k8s.io/${each}/`));
  return qualified.slice(`k8s.io/${root}/`.length).replaceAll('/', '.');
}

/** The names of the messages that served kinds, their lists, metadata and connection options reach. */
export function servedMessages(messages, importPaths, resources) {
  const kept = new Set();
  const visitType = (type) => {
    if (type.message !== undefined) visit(type.message);
    if (type.list !== undefined) visitType(type.list);
    if (type.map !== undefined) visitType(type.map);
  };
  const visit = (qualified) => {
    if (kept.has(qualified) || messages[qualified] === undefined) return;
    kept.add(qualified);
    for (const field of messages[qualified].fields) visitType(field.type);
  };
  for (const { groupVersion, kind } of resources) {
    const importPath = importPaths.get(groupVersion);
    if (importPath === undefined) continue;
    visit(`${importPath}.${kind}`);
    visit(`${importPath}.${kind}List`);
  }
  for (const [kind, groupVersion] of Object.entries(FOREIGN_KINDS)) visit(`${importPaths.get(groupVersion)}.${kind}`);
  for (const qualified of Object.keys(messages)) {
    if (qualified.startsWith(META) && !SPECIAL_META.test(qualified)) visit(qualified);
    if (/^k8s\.io\/api\/core\/v1\.\w+Options$/.test(qualified)) visit(qualified);
    if (/\/metrics\/v1beta1\.(Node|Pod)Metrics(List)?$/.test(qualified)) visit(qualified);
    // CustomResourceDefinitions are stored in this version.
    if (/\/apiextensions\/v1beta1\.CustomResourceDefinition(List)?$/.test(qualified)) visit(qualified);
  }
  return kept;
}

/** A list of texts where the same text has the same number. */
function textList() {
  const numbers = new Map();
  return {
    number(text) {
      if (/[\n`\\]|\$\{/.test(text)) throw new Error(`cannot be kept in a table: ${text}`);
      if (!numbers.has(text)) numbers.set(text, numbers.size);
      return numbers.get(text);
    },
    text: () => [...numbers.keys()].join('\n'),
  };
}

/** { types, texts }: the two tables' texts. */
export function typeTables(messages, kept) {
  const texts = textList();
  const lines = new Map();
  for (const qualified of kept) {
    const message = messages[qualified];
    const atomic = message.markers.structType?.[0] === 'atomic' ? '=' : '';
    const head = shortName(qualified) + (message.isKind ? '!' : '') + atomic;
    lines.set(
      head,
      message.fields.map((field) => fieldText(field, messages, texts)),
    );
  }
  for (const [head, fields] of Object.entries(AGGREGATOR_TYPES)) {
    lines.set(
      head,
      fields.map((field) => field.replace(/<([\w.]+)>/, (_, name) => `<${texts.number(name)}>`)),
    );
  }
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1));
  const numbers = new Map(sorted.map(([head], index) => [head.replace(/[!=]/g, ''), index]));
  const types = sorted.map(([head, fields]) =>
    [head, ...fields].join(' ').replace(/@([\w.]+)/g, (_, name) => `@${numbers.get(name)}`),
  );
  const dangling = types.find((each) => each.includes('@undefined'));
  if (dangling !== undefined) throw new Error(`refers to what is not in the table: ${dangling}`);
  return { types: types.join('\n'), texts: texts.text() };
}

function fieldText(field, messages, texts) {
  const flags = (field.omitEmpty ? 1 : 0) | (field.omitZero ? 2 : 0);
  return [field.name, field.number, typeText(field.type, texts), flags, ...rules(field, messages, texts)].join(':');
}

function typeText(type, texts) {
  const pointer = type.pointer ? '*' : '';
  const goType = type.goType === undefined ? '' : `<${texts.number(type.goType)}>`;
  if (type.unknown !== undefined) throw new Error(`unknown type ${type.unknown}`);
  let body = type.scalar;
  if (type.message !== undefined) return `${pointer}@${shortName(type.message)}`;
  if (type.list !== undefined) body = (type.wrapped ? '~' : '[') + typeText(type.list, texts);
  if (type.map !== undefined) body = `{${typeText(type.map, texts)}`;
  return pointer + goType + body;
}

const first = (markers, name) => markers[name]?.[0] ?? markers[`k8s:${name}`]?.[0];

function rules(field, messages, texts) {
  const found = [];
  const markers = { ...field.type.markers, ...field.markers };
  const optional = 'optional' in field.markers || 'k8s:optional' in field.markers;
  const required = 'required' in field.markers || 'k8s:required' in field.markers;
  if (required || (!optional && !field.omitEmpty && !field.omitZero && field.name !== '')) found.push('r');
  if (first(markers, 'structType') === 'atomic' || first(markers, 'mapType') === 'atomic') found.push('a');
  found.push(...mergeRules(field, markers));
  const values = enumOf(field.type);
  if (values !== undefined) found.push(`e${texts.number([...new Set(values)].join(','))}`);
  if (field.default !== undefined) found.push(`d${texts.number(field.default)}`);
  return found;
}

/** How lists merge: in server-side apply, and in strategic merge patch. */
function mergeRules({ patchStrategy = '', patchMergeKey = '' }, markers) {
  const found = [];
  const listType = first(markers, 'listType');
  const keys = markers.listMapKey ?? markers['k8s:listMapKey'] ?? [];
  if (listType !== undefined) found.push(`l${listType[0]}${keys.join(',')}`);
  if (patchStrategy || patchMergeKey) found.push(`p${patchStrategy}/${patchMergeKey}`);
  return found;
}

function enumOf(type) {
  if (type.enum !== undefined) return type.enum;
  if (type.list !== undefined) return enumOf(type.list);
  return type.map === undefined ? undefined : enumOf(type.map);
}

/** Throws when kube-aggregator's types are not what client-node's models say. */
export function checkAggregatorTypes(clientNode) {
  for (const [head, fields] of Object.entries(AGGREGATOR_TYPES)) {
    const name = head.split('.').at(-1).replace('!', '');
    const model = readModel(
      clientNode,
      name === 'ServiceReference' ? 'ApiregistrationV1ServiceReference' : `V1${name}`,
    );
    delete model.apiVersion;
    delete model.kind;
    const own = Object.fromEntries(fields.map((field) => field.split(':')).map((parts) => [parts[0], parts]));
    const names = (each) => Object.keys(each).sort().join();
    if (names(own) !== names(model)) throw new Error(`${name}: ${names(own)} are not ${names(model)}`);
    for (const [field, parts] of Object.entries(own)) {
      if (parts.includes('r') !== model[field].required) throw new Error(`${name}.${field}: required`);
      const expected = { s: 'string', i: 'number', b: 'boolean', y: 'string', T: 'Date' }[
        parts[2].replace(/^\*|<.*>/g, '')
      ];
      const { type } = model[field];
      if (expected !== undefined && expected !== type) throw new Error(`${name}.${field}: ${type}`);
    }
  }
}
