/** The parts of a JSONPath template, named as client-go/util/jsonpath names them. */
export type JsonPathNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'identifier'; readonly name: string }
  | { readonly type: 'array'; readonly slice: JsonPathSlice }
  | { readonly type: 'filter'; readonly left: JsonPathList; readonly operator: string; readonly right: JsonPathList }
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'wildcard' }
  | { readonly type: 'recursive' }
  | { readonly type: 'union'; readonly lists: readonly JsonPathList[] }
  | JsonPathList;

/** One `{…}` action, or a part of one: each node works on what the one before it found. */
export interface JsonPathList {
  readonly type: 'list';
  readonly nodes: readonly JsonPathNode[];
}

/** `[start:end:step]`; what was not written is undefined. */
export interface JsonPathSlice {
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly step: number | undefined;
  /** A single index was written: `end` is the one after it. */
  readonly single: boolean;
}
