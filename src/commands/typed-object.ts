import { DecodeError } from '../model/decode/decode-error.ts';
import { decodeTyped } from '../model/decode/decode-typed.ts';
import { goQuote } from '../model/go-text.ts';
import type { JsonObject } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { typeForKind } from '../model/schema/schema.ts';
import type { TypeSchema } from '../model/schema/type-schema.ts';
import { UserError } from '../model/user-error.ts';

/** The Go package whose scheme knows the kinds, as kubectl's errors name it. */
const SCHEME = 'k8s.io/kubectl/pkg/scheme/scheme.go:28';

/**
 * The object as Go prints a struct of its type: unknown fields left out, zero values written where Go writes them, fields in
 * Go's order. Throws UserError for a kind that is not built in, and for a value of a wrong type.
 */
export function typedObject(object: KubeObject): KubeObject {
  const { apiVersion, kind } = object;
  try {
    const { value } = decodeTyped(typeOf(object), object as unknown as JsonObject);
    return { kind, apiVersion, ...value } as KubeObject;
  } catch (error) {
    throw error instanceof DecodeError ? new UserError(error.message, { cause: error }) : error;
  }
}

/** The built-in type of an object. Throws UserError for a kind that is not built in. */
export function typeOf({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): TypeSchema {
  const type = typeForKind(apiVersion, kind);
  if (type === undefined) {
    throw new UserError(
      `no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)} in scheme ${goQuote(SCHEME)}`,
    );
  }
  return type;
}

/** The name of an object's Go type, as errors print it: `*v1.Service`. */
export function goTypeOf({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  return `*${apiVersion.slice(apiVersion.indexOf('/') + 1)}.${kind}`;
}
