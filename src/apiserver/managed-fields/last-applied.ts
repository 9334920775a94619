import { isJsonObject, type JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { wireJsonText } from '../../model/wire-json.ts';
import { compareObjects } from './compare-objects.ts';
import type { FieldSet } from './field-set.ts';
import { objectFields } from './object-fields.ts';
import { typedErrors } from './typed-errors.ts';
import { comparable, type Versions } from './versioned-object.ts';

/** Where client-side apply keeps the configuration that it applied last. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** The most that all annotations of an object may have. */
const MOST_ANNOTATION_BYTES = 256 * 1024;

/**
 * The fields that client-side apply set and that are as it set them: server-side apply by kubectl may take them over.
 * Undefined when the object has no annotation of client-side apply, or one that is of no use.
 */
export function allowedByLastApplied(versions: Versions, live: KubeObject): FieldSet | undefined {
  const config = parsed(live.metadata.annotations?.[LAST_APPLIED] ?? '');
  if (config === undefined || config['apiVersion'] !== versions.apiVersion) return undefined;
  const { type } = versions;
  if (typedErrors(type, config) !== undefined) return undefined;
  const { added, removed, modified } = compareObjects(type, config, comparable(live));
  return objectFields(type, config).difference(modified).difference(added).difference(removed);
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Brings the annotation of client-side apply, where there is one, up to what was applied now. */
export function syncLastApplied({ metadata }: KubeObject, config: JsonObject): void {
  const { annotations = {} } = metadata;
  if ((annotations[LAST_APPLIED] ?? '') === '') return;
  const { [LAST_APPLIED]: _before, ...others } = annotations;
  const text = `${wireJsonText(sorted(withoutAnnotation(config)))}\n`;
  metadata.annotations = { ...others, [LAST_APPLIED]: text };
  const size = Object.entries(metadata.annotations).reduce(
    (bytes, [key, value]) => bytes + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  if (size > MOST_ANNOTATION_BYTES) metadata.annotations = others;
}

function withoutAnnotation(config: JsonObject): JsonObject {
  const metadata = isJsonObject(config['metadata']) ? config['metadata'] : {};
  if (!isJsonObject(metadata['annotations'])) return config;
  const { [LAST_APPLIED]: _own, ...annotations } = metadata['annotations'];
  return { ...config, metadata: { ...metadata, annotations } };
}

/** Go writes the keys of maps in their order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}
