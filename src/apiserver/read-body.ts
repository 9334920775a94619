import { isJsonObject } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { badRequest } from '../model/status-errors.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import { DecodeError } from '../model/decode/decode-error.ts';
import type { DecodeStyle } from '../model/decode/decode-typed.ts';
import type { WriteOptions } from './request-options.ts';
import type { ServedResource } from './served-resource.ts';

/** What must be known of a kind for its objects to be read. */
export type ReadableResource = Pick<ServedResource, 'type' | 'decode'> & {
  readonly info: Pick<ServedResource['info'], 'group' | 'version' | 'kind'>;
};

/** An object that a client sent, and what to warn the client about. */
export interface ReadBody {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/**
 * Reads the body of a create or update. Throws BadRequest in kube-apiserver's words for a body of another kind or version,
 * for values of wrong types and, when validation is strict, for unknown fields.
 */
export function readBody(served: ReadableResource, body: unknown, { fieldValidation }: WriteOptions): ReadBody {
  const { kind } = served.info;
  const expected = apiVersionOf(served.info);
  if (!isJsonObject(body)) {
    throw badRequest(`the object provided is unrecognized (must be of type ${kind}): Object 'Kind' is missing`);
  }
  const found = typeMeta(body, served);
  try {
    const { object, unknownFields } = served.decode(withMetadata(body), 'json');
    if (found.apiVersion !== expected) {
      throw badRequest(
        `the API version in the data (${found.apiVersion}) does not match the expected API version (${expected})`,
      );
    }
    // A custom resource's own validation tells of another kind.
    if (found.kind !== kind && served.type !== undefined) {
      throw new DecodeError(`converting (v1.${found.kind}) to (v1.${kind}): unknown conversion`);
    }
    if (unknownFields.length === 0 || fieldValidation === 'Ignore') return { object, warnings: [] };
    const texts = unknownFields.map((field) => `unknown field ${JSON.stringify(field)}`);
    if (fieldValidation === 'Strict') throw new DecodeError(`strict decoding error: ${texts.join(', ')}`);
    return { object, warnings: texts };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const { version } = found;
    throw badRequest(
      `${found.kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${error.message}`,
    );
  }
}

/** Reads a patched object. Throws DecodeError; unknown fields are the caller's to judge. */
export function readPatched(
  served: ServedResource,
  body: KubeObject,
  style: DecodeStyle,
): { object: KubeObject; unknownFields: readonly string[] } {
  return served.decode(withMetadata(body), style);
}

function typeMeta(
  body: Record<string, unknown>,
  served: ReadableResource,
): { kind: string; apiVersion: string; version: string } {
  const { kind, apiVersion } = body;
  const meant = {
    kind: typeof kind === 'string' && kind !== '' ? kind : served.info.kind,
    apiVersion: typeof apiVersion === 'string' && apiVersion !== '' ? apiVersion : apiVersionOf(served.info),
  };
  return { ...meant, version: meant.apiVersion.slice(meant.apiVersion.indexOf('/') + 1) };
}

function withMetadata(body: Record<string, unknown>): KubeObject {
  return (body['metadata'] === undefined || body['metadata'] === null ? { ...body, metadata: {} } : body) as KubeObject;
}
