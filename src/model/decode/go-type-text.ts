import type { ValueSchema } from '../schema/type-schema.ts';

/** Go types of the scalars that are not called as in the tables. */
const GO_TYPES: Readonly<Record<string, string>> = {
  bytes: '[]uint8',
  double: 'float64',
  Time: 'v1.Time',
  MicroTime: 'v1.MicroTime',
  Duration: 'v1.Duration',
  Quantity: 'resource.Quantity',
  IntOrString: 'intstr.IntOrString',
};

/** A value's Go type as `reflect.Type.String()` prints it, without the pointer: `[]v1.Container`, `map[string]string`. */
export function goTypeText(schema: ValueSchema): string {
  if (schema.goType !== undefined) return schema.goType;
  if (schema.kind === 'message') return `${packageOf(schema.message.name)}.${schema.message.goName}`;
  if (schema.kind === 'list') return `[]${element(schema.element)}`;
  if (schema.kind === 'map') return `map[string]${element(schema.element)}`;
  return GO_TYPES[schema.kind] ?? schema.kind;
}

function element(schema: ValueSchema): string {
  return schema.pointer ? `*${goTypeText(schema)}` : goTypeText(schema);
}

/** `core.v1.Pod` -> `v1`. */
function packageOf(name: string): string {
  return name.split('.').at(-2) ?? '';
}
