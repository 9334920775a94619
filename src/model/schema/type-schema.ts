/**
 * The shape of a built-in type, from the generated tables. Sources and their versions are named beside the tables.
 * Type names are `<package>.<Name>` as in k8s.io/api: `core.v1.Pod`, `meta.v1.ObjectMeta`.
 */
export interface TypeSchema {
  readonly name: string;
  /** The Go type's own name, as decoding errors print it: `PodSpec`. */
  readonly goName: string;
  /** In Go declaration order. Inlined structs without a message of their own are flattened; others have name ''. */
  readonly fields: readonly FieldSchema[];
  /** A field by its JSON name, also one of an inlined struct. */
  field(name: string): FieldSchema | undefined;
}

export type ScalarKind =
  | 'string'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'bool'
  | 'double'
  | 'bytes'
  | 'Time'
  | 'MicroTime'
  | 'Duration'
  | 'Quantity'
  | 'IntOrString'
  | 'RawExtension'
  | 'FieldsV1'
  | 'JSON'
  | 'JSONSchemaPropsOrArray'
  | 'JSONSchemaPropsOrBool'
  | 'JSONSchemaPropsOrStringArray';

export type ValueSchema =
  | { readonly kind: ScalarKind; readonly pointer: boolean; /** The Go type where it is not the plain one: `v1.RestartPolicy`. */ readonly goType?: string }
  | { readonly kind: 'message'; readonly pointer: boolean; readonly message: TypeSchema }
  | { readonly kind: 'list'; readonly pointer: boolean; readonly element: ValueSchema; /** Stored as a message with repeated items. */ readonly wrapped: boolean }
  | { readonly kind: 'map'; readonly pointer: boolean; readonly element: ValueSchema };

export interface FieldSchema {
  /** The JSON name; '' for an inlined struct that is a message of its own in protobuf. */
  readonly name: string;
  /** The protobuf field number; 0 when the field is not stored in protobuf. */
  readonly number: number;
  readonly value: ValueSchema;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
  readonly required: boolean;
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listMapKeys: readonly string[];
  /** A map or struct that server-side apply treats as one value. */
  readonly atomic: boolean;
  /** Of strategic merge patch: `merge`, `replace`, `retainKeys`. */
  readonly patchStrategies: readonly string[];
  readonly patchMergeKey?: string;
  readonly enum?: readonly string[];
  /** The `+default` marker's value. */
  readonly default?: unknown;
}
