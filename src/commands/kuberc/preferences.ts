import { isJsonObject } from '../../model/json-value.ts';

/** The value of a flag. */
export interface FlagOption {
  readonly name: string;
  readonly default: string;
}

/** Values of a command's flags where the command line has none. */
export interface CommandDefaults {
  /** Its words: `create configmap`. */
  readonly command: string;
  readonly options: readonly FlagOption[];
}

/** A command of one's own: another with arguments and flags. */
export interface CommandAlias extends CommandDefaults {
  readonly name: string;
  readonly prependArgs: readonly string[];
  readonly appendArgs: readonly string[];
}

/** What a kuberc file says (kubectl.config.k8s.io/v1beta1, kind Preference). */
export interface Preferences {
  readonly defaults: readonly CommandDefaults[];
  readonly aliases: readonly CommandAlias[];
  /** As written; empty for none. */
  readonly credentialPluginPolicy: string;
  /** undefined when the file has none. */
  readonly credentialPluginAllowlist: readonly string[] | undefined;
}

export const PREFERENCE_VERSION = 'kubectl.config.k8s.io/v1beta1';

export const noPreferences: Preferences = {
  defaults: [],
  aliases: [],
  credentialPluginPolicy: '',
  credentialPluginAllowlist: undefined,
};

/** What the fields are called in each version. */
const VERSIONS: Readonly<Record<string, { readonly defaults: string; readonly options: string }>> = {
  [PREFERENCE_VERSION]: { defaults: 'defaults', options: 'options' },
  'kubectl.config.k8s.io/v1alpha1': { defaults: 'overrides', options: 'flags' },
};

/**
 * The preferences that a document holds, with the names of fields that it should not have; undefined for a document that
 * holds none, or has a field of another type.
 */
export function preferencesOf(document: unknown): { preferences: Preferences; unknown: string[] } | undefined {
  if (!isJsonObject(document) || document['kind'] !== 'Preference') return undefined;
  const { apiVersion } = document;
  const names = typeof apiVersion === 'string' ? VERSIONS[apiVersion] : undefined;
  if (names === undefined) return undefined;
  try {
    return new Reader(names).read(document);
  } catch (error) {
    if (error instanceof WrongType) return undefined;
    throw error;
  }
}

class WrongType extends Error {}

type JsonObject = Readonly<Record<string, unknown>>;

class Reader {
  readonly #names: { readonly defaults: string; readonly options: string };
  readonly #unknown: string[] = [];

  constructor(names: { readonly defaults: string; readonly options: string }) {
    this.#names = names;
  }

  read(document: JsonObject): { preferences: Preferences; unknown: string[] } {
    const { defaults, options } = this.#names;
    const modern = options === 'options';
    const policy = modern ? ['credentialPluginPolicy', 'credentialPluginAllowlist'] : [];
    this.#allow(document, ['kind', 'apiVersion', defaults, 'aliases', ...policy]);
    const allowlist = modern ? document['credentialPluginAllowlist'] : undefined;
    const preferences = {
      defaults: objects(document[defaults]).map((each) => {
        this.#allow(each, ['command', options]);
        return this.#defaults(each);
      }),
      aliases: objects(document['aliases']).map((each) => this.#alias(each)),
      credentialPluginPolicy: modern ? text(document['credentialPluginPolicy']) : '',
      credentialPluginAllowlist:
        allowlist === undefined || allowlist === null ? undefined : objects(allowlist).map(({ name }) => text(name)),
    };
    return { preferences, unknown: this.#unknown };
  }

  #alias(each: JsonObject): CommandAlias {
    this.#allow(each, ['name', 'command', 'prependArgs', 'appendArgs', this.#names.options]);
    return {
      ...this.#defaults(each),
      name: text(each['name']),
      prependArgs: list(each['prependArgs']).map(text),
      appendArgs: list(each['appendArgs']).map(text),
    };
  }

  #defaults(each: JsonObject): CommandDefaults {
    const options = objects(each[this.#names.options]).map((option) => {
      this.#allow(option, ['name', 'default']);
      return { name: text(option['name']), default: text(option['default']) };
    });
    return { command: text(each['command']), options };
  }

  #allow(object: JsonObject, names: readonly string[]): void {
    this.#unknown.push(...Object.keys(object).filter((name) => !names.includes(name)));
  }
}

function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new WrongType();
  return value;
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new WrongType();
  return value;
}

function objects(value: unknown): JsonObject[] {
  return list(value).map((each) => {
    if (!isJsonObject(each)) throw new WrongType();
    return each;
  });
}
