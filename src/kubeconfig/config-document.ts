import { isJsonObject, type JsonObject } from '../model/json-value.ts';
import { UserError } from '../model/user-error.ts';
import { normalizedFields, type Fields } from './config-fields.ts';
import { type ConfigMapName, configMaps, preferencesType } from './config-schema.ts';

/** A cluster, user or context. */
export interface ConfigEntry {
  /** The file that it was read from as that was named; undefined for a new one. */
  readonly origin: string | undefined;
  /** Of the entry itself, in the form of normalizedFields. */
  readonly fields: Fields;
  /** What stands beside its name and itself in the list. */
  readonly beside: Fields;
}

/** A kubeconfig file, or several merged. What is not known of a file is kept, unlike kubectl does it. */
export interface ConfigDocument {
  currentContext: string;
  preferences: Fields;
  /** Other fields of the top level. */
  rest: Fields;
  readonly clusters: Map<string, ConfigEntry>;
  readonly users: Map<string, ConfigEntry>;
  readonly contexts: Map<string, ConfigEntry>;
}

const KNOWN = ['kind', 'apiVersion', 'preferences', 'clusters', 'users', 'contexts', 'current-context'];

export function emptyConfig(): ConfigDocument {
  return { currentContext: '', preferences: {}, rest: {}, clusters: new Map(), users: new Map(), contexts: new Map() };
}

/** Reads what a kubeconfig file holds. Throws UserError in client-go's words. */
export function readConfig(document: unknown, origin: string): ConfigDocument {
  if (document === null || document === undefined) return emptyConfig();
  if (!isJsonObject(document)) {
    throw new UserError(`couldn't get version/kind; json parse error: ${notAnObject(document)}`);
  }
  const { kind = 'Config', apiVersion = 'v1', 'current-context': current = '' } = document;
  if (kind !== 'Config' || apiVersion !== 'v1') {
    throw new UserError(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50"`,
    );
  }
  if (current !== null && typeof current !== 'string') {
    throw new UserError(
      `json: cannot unmarshal ${typeof current === 'boolean' ? 'bool' : 'number'} into Go struct field Config.current-context of type string`,
    );
  }
  return {
    currentContext: current ?? '',
    preferences: normalizedFields(document['preferences'], preferencesType, 'Config', 'preferences'),
    rest: Object.fromEntries(Object.entries(document).filter(([name]) => !KNOWN.includes(name))),
    clusters: readEntries('clusters', document, origin),
    users: readEntries('users', document, origin),
    contexts: readEntries('contexts', document, origin),
  };
}

function notAnObject(value: unknown): string {
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${found} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
}

function readEntries(map: ConfigMapName, document: JsonObject, origin: string): Map<string, ConfigEntry> {
  const { entry, type } = configMaps[map];
  const named = `Named${type.name}`;
  const list = document[map] ?? [];
  if (!Array.isArray(list)) {
    throw new UserError(
      `json: cannot unmarshal ${typeof list} into Go struct field Config.${map} of type []v1.${named}`,
    );
  }
  const found = new Map<string, ConfigEntry>();
  for (const item of list) {
    if (!isJsonObject(item)) {
      throw new UserError(
        `json: cannot unmarshal ${typeof item} into Go struct field Config.${map} of type v1.${named}`,
      );
    }
    const { name = '', [entry]: fields, ...beside } = item;
    if (name !== null && typeof name !== 'string') {
      throw new UserError(
        `json: cannot unmarshal ${typeof name === 'boolean' ? 'bool' : 'number'} into Go struct field ${named}.${map}.name of type string`,
      );
    }
    if (found.has(name ?? '')) {
      throw new UserError(
        `error converting *[]${named} into *map[string]*api.${type.name}: duplicate name "${name ?? ''}" in list: ${JSON.stringify(list.map((each) => (isJsonObject(each) ? each['name'] : each)))}`,
      );
    }
    found.set(name ?? '', { origin, fields: normalizedFields(fields, type, named, `${map}.${entry}`), beside });
  }
  return found;
}

/** A kubeconfig as files and `config view` have it, fields in Go's order, entries by name. */
export function configObject(config: ConfigDocument): Fields {
  const { preferences, rest, currentContext } = config;
  return {
    kind: 'Config',
    apiVersion: 'v1',
    ...(Object.keys(preferences).length === 0 ? {} : { preferences }),
    clusters: entryList('clusters', config),
    users: entryList('users', config),
    contexts: entryList('contexts', config),
    'current-context': currentContext,
    ...rest,
  };
}

function entryList(map: ConfigMapName, config: ConfigDocument): Fields[] | null {
  const { entry } = configMaps[map];
  const names = [...config[map].keys()].toSorted();
  if (names.length === 0) return null;
  return names.map((name) => ({
    name,
    [entry]: config[map].get(name)?.fields ?? {},
    ...config[map].get(name)?.beside,
  }));
}

/** Of equal names the first file's entry counts; so does the first current context, and the first of each other field. */
export function mergeConfigs(configs: readonly ConfigDocument[]): ConfigDocument {
  const merged = emptyConfig();
  for (const config of configs.toReversed()) {
    if (config.currentContext !== '') merged.currentContext = config.currentContext;
    merged.preferences = { ...merged.preferences, ...config.preferences };
    merged.rest = { ...merged.rest, ...config.rest };
    for (const map of ['clusters', 'users', 'contexts'] as const) {
      for (const [name, entry] of config[map]) merged[map].set(name, entry);
    }
  }
  return merged;
}
