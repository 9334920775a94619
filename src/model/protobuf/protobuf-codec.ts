import type { KubeObject } from '../kube-object.ts';
import { carryUnknownFields } from './carry-unknown-fields.ts';
import { decodeProtobuf } from './decode-object.ts';
import { encodeObject } from './encode-object.ts';

/** The codec as storage takes it: whether something is unknown, not what. */
export const protobufCodec = {
  encode: (object: KubeObject): Buffer => encodeObject(object),
  decode: (bytes: Buffer): { object: KubeObject; unknownFields: boolean } => {
    const { object, unknownFields } = decodeProtobuf(bytes);
    return { object, unknownFields: unknownFields.length > 0 };
  },
  carry: carryUnknownFields,
} as const;
