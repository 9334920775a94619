import type { JsonValue } from './json-value.ts';
import type { KubeObject } from './kube-object.ts';

/** A column of a server-printed table (meta.k8s.io/v1 Table). Priority 0 is always shown, greater ones in wide output. */
export interface TableColumn {
  name: string;
  type: string;
  format: string;
  description?: string;
  priority: number;
}

/** A row: its cells in column order, and the object (or its PartialObjectMetadata) that it shows. */
export interface TableRow {
  cells: JsonValue[];
  conditions?: { type: string; status: string; reason?: string; message?: string }[];
  object?: KubeObject;
}

/** The meta.k8s.io/v1 Table that a server answers when a client asks for `as=Table`. */
export interface Table {
  apiVersion: 'meta.k8s.io/v1';
  kind: 'Table';
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number };
  columnDefinitions: TableColumn[];
  rows: TableRow[];
}
