/** Bytes that are no Kubernetes protobuf, or an object that cannot be written as such. The message says what is wrong. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}
