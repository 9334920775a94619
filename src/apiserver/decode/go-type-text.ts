import type { ValueSchema } from '../../model/schema/type-schema.ts';

/** A value's Go type as `reflect.Type.String()` prints it, without the pointer: `[]v1.Container`, `map[string]string`. */
export function goTypeText(schema: ValueSchema): string {
  if (schema.goType !== undefined) return schema.goType;
  switch (schema.kind) {
    case 'message':
      return `${packageOf(schema.message.name)}.${schema.message.goName}`;
    case 'list':
      return `[]${element(schema.element)}`;
    case 'map':
      return `map[string]${element(schema.element)}`;
    case 'bytes':
      return '[]uint8';
    case 'double':
      return 'float64';
    case 'Time':
    case 'MicroTime':
    case 'Duration':
      return `v1.${schema.kind}`;
    case 'Quantity':
      return 'resource.Quantity';
    case 'IntOrString':
      return 'intstr.IntOrString';
    default:
      return schema.kind;
  }
}

function element(schema: ValueSchema): string {
  return schema.pointer ? `*${goTypeText(schema)}` : goTypeText(schema);
}

/** `core.v1.Pod` -> `v1`. */
function packageOf(name: string): string {
  return name.split('.').at(-2) ?? '';
}
