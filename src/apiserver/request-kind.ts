import { decodeTyped } from '../model/decode/decode-typed.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import { typeForKind } from '../model/schema/schema.ts';
import type { ReadableResource } from './read-body.ts';

/** A kind that only requests carry (Eviction, Binding, TokenRequest …), so that its objects can be read. Throws for an unknown one. */
export function requestKind(group: string, version: string, kind: string): ReadableResource {
  const apiVersion = apiVersionOf({ group, version });
  const type = typeForKind(apiVersion, kind);
  if (type === undefined) throw new Error(`there is no kind ${kind} in ${apiVersion}`);
  return {
    info: { group, version, kind },
    type,
    decode(body, style) {
      const { value, unknownFields } = decodeTyped(type, body as never, style);
      return { object: { kind, apiVersion, ...value } as KubeObject, unknownFields };
    },
  };
}
