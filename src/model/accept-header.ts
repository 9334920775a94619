/** One media range of an Accept header, `application/json;as=Table;v=v1`. */
export interface AcceptClause {
  /** In lower case, without parameters: `application/json`, `application/*`, or a type of two stars. */
  readonly range: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** The forms in which kube-apiserver writes objects, the one first that it takes when nothing is asked for. */
export const MEDIA_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** The ranges of an Accept header, the best liked first (`q`), then as they stand; refused ones (`q=0`) are left out. */
function acceptClauses(header: string): AcceptClause[] {
  const clauses = header
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(readClause)
    .filter(({ quality }) => quality > 0);
  return clauses.sort((a, b) => b.quality - a.quality || starsOf(a.range) - starsOf(b.range));
}

function readClause(text: string): AcceptClause & { quality: number } {
  const [range = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = new Map<string, string>();
  let quality = 1;
  for (const part of rest) {
    const [name = '', value = ''] = part.split('=', 2).map((side) => side.trim());
    if (name !== 'q') parameters.set(name, value);
    else if (value !== '' && !Number.isNaN(Number(value))) quality = Number(value);
  }
  return { range: range.toLowerCase(), parameters, quality };
}

/** What names a type goes before what takes any. */
function starsOf(range: string): number {
  return range.split('/').filter((part) => part === '*').length;
}

/**
 * The media type to answer in, and the clause that asks for it; undefined when none fits. An empty header takes JSON.
 * `allows` says whether a type can be had with the parameters of a clause (NegotiateMediaTypeOptions).
 */
export function chooseMediaType(
  header: string,
  allows: (type: MediaType, clause: AcceptClause) => boolean,
): { type: MediaType; clause: AcceptClause } | undefined {
  if (header.trim() === '') {
    return { type: 'application/json', clause: { range: 'application/json', parameters: new Map() } };
  }
  for (const clause of acceptClauses(header)) {
    const type = MEDIA_TYPES.find((each) => takes(clause.range, each) && allows(each, clause));
    if (type !== undefined) return { type, clause };
  }
  return undefined;
}

function takes(range: string, type: MediaType): boolean {
  return range === type || range === 'application/*' || range === '*/*';
}

/** The type in which a failure is told: nothing that is asked of objects counts, and JSON is written when all else fails. */
export function statusMediaType(header: string): MediaType {
  return chooseMediaType(header, (_type, { parameters }) => !transforms(parameters))?.type ?? 'application/json';
}

/** Whether a clause asks for another kind of object than the one that the path is of. */
export function transforms(parameters: ReadonlyMap<string, string>): boolean {
  return ['as', 'g', 'v'].some((name) => parameters.has(name));
}
