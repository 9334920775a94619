import { type FieldError, fieldErrorText, invalidValue, required } from '../../model/field-error.ts';
import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import type { GroupResource } from '../../model/status-errors.ts';
import { UserError } from '../../model/user-error.ts';
import { parseYaml } from '../../model/yaml.ts';
import { validateResourceNames } from './validate-resource-names.ts';

export type CipherName = 'aescbc' | 'aesgcm' | 'secretbox';

export interface EncryptionKey {
  readonly name: string;
  readonly secret: Buffer;
}

export type EncryptionProvider =
  | { readonly type: 'identity' }
  | { readonly type: CipherName; readonly keys: readonly EncryptionKey[] }
  | { readonly type: 'kms'; readonly version: 'v1' | 'v2'; readonly name: string };

/** Providers for resources; the resource `*` is all of a group, and the group `*` all groups. */
export interface EncryptionRule {
  readonly resources: readonly GroupResource[];
  readonly providers: readonly EncryptionProvider[];
}

const AES_SIZES: readonly number[] = [16, 24, 32];
const KEY_SIZES: Readonly<Record<CipherName, readonly number[]>> = {
  aescbc: AES_SIZES,
  aesgcm: AES_SIZES,
  secretbox: [32],
};
const PROVIDERS: readonly string[] = ['aesgcm', 'aescbc', 'secretbox', 'identity', 'kms'];
const KMS_FIELDS: readonly string[] = ['apiVersion', 'name', 'cachesize', 'endpoint', 'timeout'];

/**
 * Reads kube-apiserver's EncryptionConfiguration (apiserver.config.k8s.io/v1), YAML or JSON. Throws a UserError worded as
 * kube-apiserver's, naming all wrong fields and no secret.
 */
export function parseEncryptionConfiguration(text: string): EncryptionRule[] {
  return new ConfigurationReader().read(parseYaml(text));
}

class ConfigurationReader {
  readonly #errors: FieldError[] = [];
  readonly #unknown: string[] = [];
  readonly #kmsNames = new Set<string>();

  read(document: unknown): EncryptionRule[] {
    const root = this.#object(document, '');
    const version = this.#text(root['apiVersion'], 'apiVersion');
    const kind = this.#text(root['kind'], 'kind');
    // The second form is one that documentation showed by mistake and that kube-apiserver therefore takes.
    const known = ['apiserver.config.k8s.io/v1 EncryptionConfiguration', 'v1 EncryptionConfig'];
    if (!known.includes(`${version} ${kind}`)) {
      const what = `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(version)}`;
      throw new UserError(`${what}: it must be EncryptionConfiguration of apiserver.config.k8s.io/v1`);
    }
    this.#only(root, ['apiVersion', 'kind', 'resources'], '');
    const rules = this.#list(root['resources'], 'resources').map((rule, index) =>
      this.#rule(rule, `resources[${index}]`),
    );
    if (rules.length === 0) this.#errors.push(required('resources', 'at least one resources is required'));
    if (this.#unknown.length > 0) {
      const fields = this.#unknown.map((each) => `unknown field ${JSON.stringify(each)}`);
      throw new UserError(`strict decoding error: ${fields.join(', ')}`);
    }
    const texts = [...new Set(this.#errors.map((each) => `${each.field}: ${fieldErrorText(each)}`))];
    if (texts.length > 0) throw new UserError(texts.length > 1 ? `[${texts.join(', ')}]` : texts[0]);
    return rules;
  }

  #rule(value: unknown, path: string): EncryptionRule {
    const rule = this.#object(value, path);
    this.#only(rule, ['resources', 'providers'], path);
    const where = `${path}.resources`;
    const names = this.#list(rule['resources'], where).map((each, index) => this.#text(each, `${where}[${index}]`));
    if (names.length === 0) this.#errors.push(required(where, `at least one ${where} is required`));
    this.#errors.push(...validateResourceNames(names, where));
    const place = `${path}.providers`;
    const providers = this.#list(rule['providers'], place).map((each, at) => this.#provider(each, `${place}[${at}]`));
    if (providers.length === 0) this.#errors.push(required(place, `at least one ${place} is required`));
    return {
      resources: names.map(parseGroupResource),
      providers: providers.filter((each) => each !== undefined),
    };
  }

  #provider(value: unknown, path: string): EncryptionProvider | undefined {
    const object = this.#object(value, path);
    this.#only(object, PROVIDERS, path);
    const [type, ...others] = PROVIDERS.filter((each) => object[each] !== undefined && object[each] !== null);
    if (type === undefined || others.length > 0) {
      const detail =
        type === undefined
          ? 'provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity'
          : 'more than one provider specified in a single element, should split into different list elements';
      // The element is not shown: it may hold secrets.
      this.#errors.push({ ...invalidValue(path, undefined, detail), omitValue: true });
      return undefined;
    }
    const at = `${path}.${type}`;
    const given = this.#object(object[type], at);
    if (type === 'identity') {
      this.#only(given, [], at);
      return { type };
    }
    if (type === 'kms') return this.#kms(given, at);
    this.#only(given, ['keys'], at);
    const cipher = type as CipherName;
    const keys = this.#list(given['keys'], `${at}.keys`).map((each, index) =>
      this.#key(each, `${at}.keys[${index}]`, KEY_SIZES[cipher]),
    );
    if (keys.length === 0) this.#errors.push(required(`${at}.keys`, 'at least one keys is required'));
    return { type: cipher, keys };
  }

  #key(value: unknown, path: string, sizes: readonly number[]): EncryptionKey {
    const key = this.#object(value, path);
    this.#only(key, ['name', 'secret'], path);
    const name = this.#text(key['name'], `${path}.name`);
    const text = this.#text(key['secret'], `${path}.secret`);
    if (name === '') this.#errors.push(required(`${path}.name`, 'name is a mandatory field for a key'));
    const secret = Buffer.from(text, 'base64');
    if (text === '') {
      this.#errors.push(required(`${path}.secret`, 'secret is a mandatory field for a key'));
    } else if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replace(/[\r\n]/g, ''))) {
      this.#errors.push(invalidValue(`${path}.secret`, 'REDACTED', 'secrets must be base64 encoded'));
    } else if (!sizes.includes(secret.length)) {
      const detail = `secret is not of the expected length, got ${secret.length}, expected one of [${sizes.join(' ')}]`;
      this.#errors.push(invalidValue(`${path}.secret`, 'REDACTED', detail));
    }
    return { name, secret };
  }

  #kms(kms: JsonObject, path: string): EncryptionProvider {
    this.#only(kms, KMS_FIELDS, path);
    const name = this.#text(kms['name'], `${path}.name`);
    const version = kms['apiVersion'] === undefined ? 'v1' : this.#text(kms['apiVersion'], `${path}.apiVersion`);
    if (name === '') this.#errors.push(required(`${path}.name`, 'name is a mandatory field for a provider'));
    if (version !== 'v1' && version !== 'v2') {
      const detail = 'unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported';
      this.#errors.push(invalidValue(`${path}.apiVersion`, version, detail));
    }
    if (version !== 'v1' && name.includes(':')) {
      this.#errors.push(invalidValue(`${path}.name`, name, `invalid KMS provider name ${name}, must not contain ':'`));
    }
    if (version !== 'v1' && this.#kmsNames.has(name)) {
      const detail = `duplicate KMS provider name ${name}, names must be unique`;
      this.#errors.push(invalidValue(`${path}.name`, name, detail));
    }
    this.#kmsNames.add(name);
    if (this.#text(kms['endpoint'], `${path}.endpoint`) === '') {
      this.#errors.push(invalidValue(`${path}.endpoint`, '', 'endpoint is a mandatory field for a kms'));
    }
    return { type: 'kms', version: version === 'v2' ? 'v2' : 'v1', name };
  }

  #only(object: JsonObject, fields: readonly string[], path: string): void {
    for (const field of Object.keys(object)) {
      if (!fields.includes(field)) this.#unknown.push(path === '' ? field : `${path}.${field}`);
    }
  }

  #object(value: unknown, path: string): JsonObject {
    if (isJsonObject(value)) return value;
    throw new UserError(path === '' ? 'the document is no object' : `${path} must be an object`);
  }

  #list(value: unknown, path: string): readonly unknown[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    throw new UserError(`${path} must be a list`);
  }

  #text(value: unknown, path: string): string {
    if (value === undefined || value === null) return '';
    if (typeof value === 'string') return value;
    throw new UserError(`${path} must be a string`);
  }
}

/** `secrets`, `deployments.apps`, `*.apps`, `*.` (the core group) and `*.*`. */
function parseGroupResource(text: string): GroupResource {
  const dot = text.indexOf('.');
  return dot < 0 ? { group: '', resource: text } : { group: text.slice(dot + 1), resource: text.slice(0, dot) };
}
