import type { ApiRequest, ApiResponse } from '../model/api-message.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { invalidValue } from '../model/field-error.ts';
import { invalid, notAcceptable } from '../model/status-errors.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import type { Table, TableRow } from '../model/table.ts';
import { warningHeader } from '../model/warning-header.ts';
import type { ServedResource } from './served-resource.ts';

/** In which form a client wants objects. */
export interface OutputFormat {
  readonly as: 'object' | 'table' | 'metadata';
  /** What a table's rows have of their objects. */
  readonly includeObject: 'None' | 'Metadata' | 'Object';
}

export interface ListMetadata {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

const ACCEPTED = [
  'application/json',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
];

/** Reads the Accept header: the first of its types that can be served. Throws NotAcceptable when none can. */
export function outputFormat(request: ApiRequest): OutputFormat {
  const accept = request.headers?.['accept'] ?? '';
  if (accept === '') return { as: 'object', includeObject: 'Metadata' };
  const include = request.query?.get('includeObject') ?? '';
  for (const clause of accept.split(',')) {
    const as = formOf(clause);
    if (as === undefined) continue;
    if (as !== 'table') return { as, includeObject: 'Metadata' };
    return { as, includeObject: includeObjectOf(include) };
  }
  if (accept.trim() === '') return { as: 'object', includeObject: 'Metadata' };
  throw notAcceptable(ACCEPTED);
}

function formOf(clause: string): OutputFormat['as'] | undefined {
  const [type = '', ...parameters] = clause.split(';').map((part) => part.trim());
  if (!['application/json', 'application/*', '*/*'].includes(type)) return undefined;
  const values = new Map(parameters.map((parameter) => parameter.split('=', 2) as [string, string]));
  const as = values.get('as');
  if (as === undefined) return 'object';
  if (values.get('g') !== 'meta.k8s.io' || values.get('v') !== 'v1') return undefined;
  if (as === 'Table') return 'table';
  return as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList' ? 'metadata' : undefined;
}

function includeObjectOf(text: string): OutputFormat['includeObject'] {
  if (text === '' || text === 'Metadata') return 'Metadata';
  if (text === 'None' || text === 'Object') return text;
  const error = invalidValue('includeObject', text, "must be 'Metadata', 'Object', 'None', or empty");
  throw invalid('TableOptions', 'meta.k8s.io', '', [error]);
}

/** One object in the wanted form. */
export function objectBody(served: ServedResource, format: OutputFormat, object: KubeObject, now: Date): unknown {
  if (format.as === 'metadata') return partialMetadata(object);
  if (format.as === 'object') return object;
  const { resourceVersion } = object.metadata;
  return tableBody(served, format, [object], {
    now,
    metadata: resourceVersion === undefined ? {} : { resourceVersion },
  });
}

/** A list in the wanted form. The objects of a list of a built-in kind do not repeat apiVersion and kind. */
export function listBody(
  served: ServedResource,
  format: OutputFormat,
  objects: readonly KubeObject[],
  { now, metadata }: { now: Date; metadata: ListMetadata },
): unknown {
  if (format.as === 'table') return tableBody(served, format, objects, { now, metadata });
  if (format.as === 'metadata') {
    const items = objects.map(partialMetadata);
    return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items };
  }
  const kind = served.listKind ?? `${served.info.kind}List`;
  const apiVersion = apiVersionOf(served.info);
  // Go prints a list of custom resources as a map, and always says how it goes on.
  if (served.type === undefined) {
    return { apiVersion, items: objects, kind, metadata: { continue: '', ...metadata } };
  }
  const items = objects.map(({ kind: _kind, apiVersion: _version, ...rest }) => rest);
  return { kind, apiVersion, metadata, items };
}

/** Objects as a table. */
export function tableBody(
  served: ServedResource,
  format: OutputFormat,
  objects: readonly KubeObject[],
  { now, metadata }: { now: Date; metadata: ListMetadata },
): Table {
  const { table } = served.strategy;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: table.columns.map((column) => ({
      name: column.name,
      type: column.type,
      format: column.format,
      description: column.description ?? '',
      priority: column.priority,
    })),
    rows: objects.map((object) => rowOf(served, format, object, now)),
  };
}

function rowOf(served: ServedResource, { includeObject }: OutputFormat, object: KubeObject, now: Date): TableRow {
  const { table } = served.strategy;
  const conditions = table.conditions?.(object) ?? [];
  const row = { cells: table.cells(object, now), ...(conditions.length === 0 ? {} : { conditions }) };
  if (includeObject === 'None') return row;
  return { ...row, object: includeObject === 'Object' ? object : partialMetadata(object) };
}

/** The metadata of an object alone. */
export function partialMetadata({ metadata }: KubeObject): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

/** An answer with warnings before its own. */
export function withWarnings(response: ApiResponse, warnings: readonly string[]): ApiResponse {
  if (warnings.length === 0) return response;
  const own = response.headers['warning'];
  const all = [...warnings.map(warningHeader), ...(own === undefined ? [] : [own])];
  return { ...response, headers: { ...response.headers, warning: all.join('\n') } };
}

/** A JSON answer with its warnings. */
export function jsonResponse(status: number, body: unknown, warnings: readonly string[] = []): ApiResponse {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (warnings.length > 0) headers['warning'] = [...new Set(warnings)].map(warningHeader).join('\n');
  return { status, headers, body };
}
