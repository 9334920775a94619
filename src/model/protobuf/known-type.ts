import { typeForKind } from '../schema/schema.ts';
import type { TypeSchema } from '../schema/type-schema.ts';
import { ProtobufError } from './protobuf-error.ts';

/** The type of a built-in kind. Throws ProtobufError when there is none. */
export function knownType(apiVersion: string, kind: string): TypeSchema {
  const type = typeForKind(apiVersion, kind);
  if (type !== undefined) return type;
  throw new ProtobufError(`no kind ${JSON.stringify(kind)} is known in ${JSON.stringify(apiVersion)}`);
}
