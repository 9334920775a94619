/** A parameter of a path or query. */
export interface OperationParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly type: 'boolean' | 'integer' | 'string';
  readonly required?: true;
}

const query = (name: string, type: OperationParameter['type'] = 'string'): OperationParameter => ({
  name,
  in: 'query',
  type,
});

const SELECTION = [
  query('continue'),
  query('fieldSelector'),
  query('labelSelector'),
  query('limit', 'integer'),
  query('resourceVersion'),
  query('resourceVersionMatch'),
  query('sendInitialEvents', 'boolean'),
  query('timeoutSeconds', 'integer'),
];
const DELETION = [
  query('dryRun'),
  query('gracePeriodSeconds', 'integer'),
  query('orphanDependents', 'boolean'),
  query('propagationPolicy'),
];
const WRITE = [query('dryRun'), query('fieldManager'), query('fieldValidation')];

const BY_VERB: Readonly<Record<string, readonly OperationParameter[]>> = {
  list: [query('allowWatchBookmarks', 'boolean'), ...SELECTION, query('watch', 'boolean')],
  create: WRITE,
  update: WRITE,
  patch: [...WRITE, query('force', 'boolean')],
  delete: DELETION,
  deletecollection: [...SELECTION, ...DELETION].sort((left, right) => (left.name < right.name ? -1 : 1)),
};

/** The query parameters of a verb. */
export function queryParameters(verb: string): readonly OperationParameter[] {
  return BY_VERB[verb] ?? [];
}

/** The parameters that all operations of a path have: what stands in braces, and `pretty`. */
export function pathParameters(path: string): OperationParameter[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
  return [
    ...names.map((name): OperationParameter => ({ name, in: 'path', type: 'string', required: true })),
    query('pretty'),
  ];
}
