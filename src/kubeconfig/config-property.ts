import { UserError } from '../model/user-error.ts';
import type { ConfigDocument, ConfigEntry } from './config-document.ts';
import { base64Problem, normalizedFields } from './config-fields.ts';
import { type ConfigField, type ConfigMapName, configMaps, type ConfigType, preferencesType } from './config-schema.ts';

/** What to do with a property; undefined removes it. */
export interface PropertyChange {
  readonly value: string | undefined;
  /** Whether the value of a property of bytes is these bytes themselves, not base64. */
  readonly rawBytes: boolean;
}

/**
 * Sets or removes what a dotted path names (`clusters.my-cluster.server`, `current-context`). Names of entries may have dots:
 * they end where a field's name follows. Throws UserError as `kubectl config set` and `unset` do.
 */
export function changeProperty(config: ConfigDocument, path: string, change: PropertyChange): void {
  const [first = '', ...rest] = path.split('.');
  if (first === 'current-context') {
    if (rest.length > 0) throw unparsable(path);
    config.currentContext = change.value ?? '';
  } else if (first === 'preferences') {
    if (rest.length === 0 && change.value === undefined) config.preferences = {};
    else {
      config.preferences = changedStruct(
        { path, done: [`{preferences api.Preferences}`], rest, change },
        config.preferences,
        preferencesType,
      );
    }
  } else if (first === 'clusters' || first === 'users' || first === 'contexts') {
    changeEntry(config, first, path, rest, change);
  } else if (first === 'kind' || first === 'apiVersion') {
    if (rest.length > 0) throw unparsable(path);
  } else {
    throw new UserError(`unable to parse ${path} after [] at api.Config`);
  }
}

function unparsable(path: string): UserError {
  return new UserError(`unable to parse one or more field values of ${path}`);
}

// oxlint-disable-next-line max-params -- the path is needed for messages, the rest of it for the way
function changeEntry(
  config: ConfigDocument,
  map: ConfigMapName,
  path: string,
  rest: readonly string[],
  change: PropertyChange,
): void {
  const { type } = configMaps[map];
  const entries = config[map];
  if (rest.length === 0) {
    if (change.value !== undefined) throw mapToValue(entries);
    entries.clear();
    return;
  }
  const fields = rest.findIndex((part, index) => index > 0 && type.fields.some((field) => propertyOf(field) === part));
  const name = rest.slice(0, fields < 0 ? undefined : fields).join('.');
  const below = fields < 0 ? [] : rest.slice(fields);
  if (below.length === 0) {
    if (change.value !== undefined) throw mapToValue(entries);
    entries.delete(name);
    return;
  }
  const entry: ConfigEntry | undefined = entries.get(name);
  const done = [`{${map} map[string]*api.${type.name}}`, `{${name} api.${type.name}}`];
  const before = entry?.fields ?? normalizedFields({}, type, '', '');
  const after = changedStruct({ path, done, rest: below, change }, before, type);
  if (entry === undefined && change.value === undefined) throw new UserError(`current map key \`${name}\` is invalid`);
  entries.set(name, { origin: entry?.origin, beside: entry?.beside ?? {}, fields: after });
}

function mapToValue(entries: ReadonlyMap<string, unknown>): UserError {
  return new UserError(`can't set a map to a value: map[${[...entries.keys()].toSorted().join(' ')}]`);
}

interface Step {
  readonly path: string;
  /** The steps so far, as Go prints them. */
  readonly done: readonly string[];
  readonly rest: readonly string[];
  readonly change: PropertyChange;
}

function propertyOf({ name, property }: ConfigField): string {
  return property ?? name;
}

function changedStruct(
  { path, done, rest, change }: Step,
  before: Readonly<Record<string, unknown>>,
  type: ConfigType,
): Readonly<Record<string, unknown>> {
  const [name = '', ...below] = rest;
  const field = type.fields.find((each) => propertyOf(each) === name);
  if (field === undefined) {
    if (rest.length === 0) throw new UserError(`unable to locate path of ${path}`);
    throw new UserError(`unable to parse ${path} after [${done.join(' ')}] at api.${type.name}`);
  }
  if (below.length > 0) throw unparsable(path);
  const changed = { ...before, [field.name]: changedValue(field, change) };
  return normalizedFields(changed, type, '', '');
}

function changedValue({ kind }: ConfigField, { value, rawBytes }: PropertyChange): unknown {
  if (value === undefined) return undefined;
  if (kind === 'string') return value;
  if (kind === 'bool') return parseBool(value);
  if (kind === 'bytes') return bytesOf(value, rawBytes);
  if (kind === 'strings') throw new UserError('unrecognized slice type. string');
  throw new UserError("can't set a map to a value: map[]");
}

function parseBool(text: string): boolean {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false;
  throw new UserError(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function bytesOf(text: string, raw: boolean): string {
  if (raw) return Buffer.from(text).toString('base64');
  const bad = base64Problem(text);
  if (bad !== undefined) throw new UserError(`error decoding input value: illegal base64 data at input byte ${bad}`);
  return text;
}
