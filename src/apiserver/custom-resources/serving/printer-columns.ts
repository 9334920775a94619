import { goText } from '../../../model/go-text.ts';
import type { JsonValue } from '../../../model/json-value.ts';
import { JsonPathError } from '../../../model/jsonpath/json-path-error.ts';
import { type JsonPath, parseJsonPath } from '../../../model/jsonpath/json-path.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { wireJsonText } from '../../../model/wire-json.ts';
import { ageSince } from '../../kinds/age-since.ts';
import type { TablePrinter } from '../../strategy.ts';
import type { PrinterColumn } from '../definition/definition.ts';

const AGE: PrinterColumn = {
  name: 'Age',
  type: 'date',
  format: '',
  description: '',
  priority: 0,
  jsonPath: '.metadata.creationTimestamp',
};

/** The table of a custom resource: its name, and the columns of its definition (its age when there are none). */
export function printerColumns(columns: readonly PrinterColumn[]): TablePrinter {
  const readable = readPaths(columns.length === 0 ? [AGE] : columns);
  return {
    columns: [
      { name: 'Name', type: 'string', format: 'name', priority: 0 },
      ...readable.map(({ column: { name, type, format, description, priority, jsonPath } }) => ({
        name,
        type,
        format,
        description:
          description === '' ? `Custom resource definition column (in JSONPath format): ${jsonPath}` : description,
        priority,
      })),
    ],
    cells: (object, now) => [
      object.metadata.name ?? '',
      ...readable.map(({ column, path }) => cellOf(column.type, path, object, now)),
    ],
  };
}

/** The columns up to the first whose path cannot be read: it and those after it are not shown. */
function readPaths(columns: readonly PrinterColumn[]): { column: PrinterColumn; path: JsonPath }[] {
  const readable: { column: PrinterColumn; path: JsonPath }[] = [];
  for (const column of columns) {
    try {
      readable.push({ column, path: parseJsonPath(`{${column.jsonPath}}`) });
    } catch (error) {
      if (!(error instanceof JsonPathError)) throw error;
      break;
    }
  }
  return readable;
}

function cellOf(type: string, path: JsonPath, object: KubeObject, now: Date): JsonValue {
  const value = firstFound(path, object);
  if (value === undefined) return null;
  if (type === 'string') return textOf(value);
  if (type === 'date') return typeof value === 'string' ? dateCell(value, now) : null;
  if (type === 'boolean') return typeof value === 'boolean' ? value : null;
  if (typeof value !== 'number' && typeof value !== 'bigint') return null;
  if (type === 'number') return value;
  return type === 'integer' ? integerOf(value) : null;
}

/** The first thing that a path finds; undefined when it finds nothing or cannot be followed. */
export function firstFound(path: JsonPath, object: KubeObject): JsonValue | undefined {
  try {
    return path.evaluate(object as unknown as JsonValue)[0]?.[0];
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}

function textOf(value: JsonValue): string {
  if (value === null) return '<no value>';
  return typeof value === 'object' ? wireJsonText(value) : goText(value);
}

function integerOf(value: number | bigint): number | bigint {
  return typeof value === 'bigint' ? value : Math.trunc(value);
}

function dateCell(text: string, now: Date): string {
  if (text === '') return '<unknown>';
  return Number.isNaN(Date.parse(text)) ? '<invalid>' : ageSince(text, now);
}
