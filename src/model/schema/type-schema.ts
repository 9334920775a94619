/**
 * The shape of a built-in type, from the generated tables. Sources and their versions are named beside the tables.
 * Type names are `<package>.<Name>` as in k8s.io/api: `core.v1.Pod`, `meta.v1.ObjectMeta`.
 */
export interface TypeSchema {
  readonly name: string;
  /** The Go type's own name, as decoding errors print it: `PodSpec`. */
  readonly goName: string;
  /** Whether the type is an object or list with apiVersion and kind (which are not among the fields). */
  readonly isKind: boolean;
  /** Whether server-side apply treats a value of the type as one (`structType=atomic` on the type). */
  readonly atomic: boolean;
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
  | 'JSONSchemaPropsOrStringArray'
  /** Any JSON value, never in protobuf (a Table's cell). */
  | 'Any';

interface AnyValueSchema {
  /** Whether the Go value is a pointer: absent and zero are then two things. */
  readonly pointer: boolean;
  /** The name of the Go type where it has one of its own: `v1.RestartPolicy`, `v1.ResourceList`. */
  readonly goType?: string;
}

export interface ScalarSchema extends AnyValueSchema {
  readonly kind: ScalarKind;
  /** Of the JSONSchemaPropsOr… kinds: JSONSchemaProps. */
  readonly message?: TypeSchema;
}

interface MessageSchema extends AnyValueSchema {
  readonly kind: 'message';
  readonly message: TypeSchema;
}

interface ListSchema extends AnyValueSchema {
  readonly kind: 'list';
  readonly element: ValueSchema;
  /** Stored as a message with repeated items. */
  readonly wrapped: boolean;
}

/** A map with string keys. */
export interface MapSchema extends AnyValueSchema {
  readonly kind: 'map';
  readonly element: ValueSchema;
}

export type ValueSchema = ScalarSchema | MessageSchema | ListSchema | MapSchema;

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
  /** The values that the Go type's constants name (of the elements of a list), where it is marked as an enum. */
  readonly enum?: readonly string[];
  /** The `+default` marker's value, parsed. */
  readonly default?: unknown;
}
