import { isJsonObject, type JsonObject, type JsonValue } from '../model/json-value.ts';
import { parseJson } from '../model/json-reader.ts';
import { parseYaml } from '../model/yaml.ts';
import type { FieldSpec } from './field-spec.ts';
import type { FileLoader } from './file-loader.ts';
import { decodeGoJson } from './go-json-decode.ts';
import type { FieldSpecFields } from './kustomization.ts';
import { TRANSFORMER_CONFIG } from './kustomization-shape.ts';
import { errorText, KustomizeError, wrapError } from './kustomize-error.ts';
import { selectorOf, fieldSpecOf } from './selector-fields.ts';
import {
  emptyConfig,
  FIELD_SPEC_LISTS,
  type FieldSpecList,
  mergeConfigs,
  mergeFieldSpecs,
  type NameReference,
  sortedConfig,
  type TransformerConfig,
} from './transformer-config.ts';

/** The field specs of the files of `configurations`. Throws KustomizeError. */
export function loadConfigurations(paths: readonly string[], loader: FileLoader): TransformerConfig {
  return paths.reduce((config, path) => mergeConfigs(config, readConfig(loader.text(path))), emptyConfig());
}

function readConfig(text: string): TransformerConfig {
  let value: JsonValue;
  try {
    value = parseYaml(text);
  } catch (error) {
    throw new KustomizeError(`error converting YAML to JSON: ${errorText(error)}`);
  }
  let read: JsonObject;
  try {
    read = decodeGoJson(value, TRANSFORMER_CONFIG);
  } catch (error) {
    throw wrapError(error, 'error unmarshaling JSON: while decoding JSON');
  }
  const lists = FIELD_SPEC_LISTS.map((name): [FieldSpecList, FieldSpec[]] => [name, specsOf(read[name])]);
  const references = (read['nameReference'] ?? []) as unknown as (FieldSpecFields & { fieldSpecs?: JsonValue })[];
  return sortedConfig({
    ...(Object.fromEntries(lists) as Record<FieldSpecList, FieldSpec[]>),
    nameReference: references.map((reference): NameReference => {
      const { group, version, kind } = selectorOf(reference);
      return { group, version, kind, fieldSpecs: specsOf(reference.fieldSpecs) };
    }),
  });
}

function specsOf(value: JsonValue | undefined): FieldSpec[] {
  return ((value ?? []) as unknown as FieldSpecFields[]).map(fieldSpecOf);
}

/**
 * What the OpenAPI definitions of the files of `crds` say of annotations, label selectors, names and references to names.
 * Throws KustomizeError.
 */
export function loadCrds(paths: readonly string[], loader: FileLoader): TransformerConfig {
  return paths.reduce((config, path) => mergeConfigs(config, readCrds(loader.text(path), path)), emptyConfig());
}

type Definitions = Readonly<Record<string, { readonly Schema?: JsonObject }>>;

function readCrds(text: string, path: string): TransformerConfig {
  let definitions: JsonValue;
  try {
    definitions = text.startsWith('{') ? parseJson(text) : parseYaml(text);
  } catch (error) {
    throw wrapError(error, `unable to parse open API definition from '${path}'`);
  }
  const named = (isJsonObject(definitions) ? definitions : {}) as unknown as Definitions;
  return Object.keys(named).reduce((config, name) => {
    const properties = propertiesOf(named, name);
    const isKind = ['kind', 'apiVersion', 'metadata'].every((field) => field in properties);
    if (!isKind) return config;
    const found = new CrdConfig(named, name.slice(name.lastIndexOf('.') + 1));
    found.add(name, []);
    return mergeConfigs(config, found.config);
  }, emptyConfig());
}

function propertiesOf(definitions: Definitions, name: string): JsonObject {
  const definition = definitions[name];
  const schema = definition?.Schema ?? (definition as unknown as { schema?: JsonObject } | undefined)?.schema;
  const properties = schema?.['properties'];
  return isJsonObject(properties) ? properties : {};
}

class CrdConfig {
  config: TransformerConfig = emptyConfig();
  readonly #definitions: Definitions;
  readonly #kind: string;

  constructor(definitions: Definitions, kind: string) {
    this.#definitions = definitions;
    this.#kind = kind;
  }

  add(name: string, path: readonly string[]): void {
    if (path.length > 100) throw new KustomizeError(`the definition of ${this.#kind} refers to itself`);
    for (const [field, property] of Object.entries(propertiesOf(this.#definitions, name))) {
      if (isJsonObject(property)) this.#addProperty(property, [...path, field]);
    }
  }

  #addProperty(property: JsonObject, path: readonly string[]): void {
    const has = (extension: string): boolean => typeof property[`x-kubernetes-${extension}`] === 'string';
    if (has('annotation')) this.#merge('commonAnnotations', path);
    if (has('label-selector')) this.#merge('commonLabels', path);
    if (has('identity')) this.#merge('namePrefix', path);
    const version = property['x-kubernetes-object-ref-api-version'];
    const kind = property['x-kubernetes-object-ref-kind'];
    const nameKey = property['x-kubernetes-object-ref-name-key'];
    if (typeof version === 'string' && typeof kind === 'string') {
      const fieldSpecs = [this.#spec([...path, typeof nameKey === 'string' ? nameKey : 'name'])];
      const nameReference = [{ group: '', version, kind, fieldSpecs }];
      this.config = mergeConfigs(this.config, { ...emptyConfig(), nameReference });
    }
    const reference = property['$ref'];
    if (typeof reference === 'string') this.add(reference, path);
  }

  #merge(list: FieldSpecList, path: readonly string[]): void {
    this.config = { ...this.config, [list]: mergeFieldSpecs(this.config[list], [this.#spec(path)]) };
  }

  #spec(path: readonly string[]): FieldSpec {
    return { group: '', version: '', kind: this.#kind, path: path.join('/'), create: false };
  }
}
