// Published paths and hand-written facts -> the text of tables/resources.ts, read by src/model/schema/built-in-resources.ts.
import { CATEGORIES, CONNECT_KINDS, FOREIGN_KINDS, NO_SUCH_VERBS, SERVED, SHORT_NAMES } from './hand-facts.mjs';

const VERB_LETTERS = {
  create: 'c',
  delete: 'd',
  deletecollection: 'D',
  get: 'g',
  list: 'l',
  patch: 'p',
  update: 'u',
  watch: 'w',
};

/** One line a resource, followed by one a subresource. */
export function resourceTable(resources) {
  const lines = [];
  for (const groupVersion of SERVED) {
    const own = resources.filter((each) => each.groupVersion === groupVersion);
    if (own.length === 0) throw new Error(`no paths of ${groupVersion}`);
    const path = (each) => `${each.plural}/${each.subresource}`;
    for (const each of own.sort((a, b) => (path(a) < path(b) ? -1 : 1))) lines.push(lineOf(each));
  }
  return lines.join('\n');
}

function lineOf({ groupVersion, plural, subresource, kind, namespaced, verbs }) {
  const path = subresource === '' ? plural : `${plural}/${subresource}`;
  const letters = verbs.filter((verb) => !NO_SUCH_VERBS[plural]?.includes(verb)).map((verb) => VERB_LETTERS[verb]);
  if (subresource !== '') {
    const ownKind = CONNECT_KINDS[path] ?? kind;
    if (ownKind === '') throw new Error(`no kind of ${path}`);
    return [`/${subresource}`, ownKind, letters.join(''), FOREIGN_KINDS[ownKind]].filter(Boolean).join(' ');
  }
  const categories = Object.keys(CATEGORIES).filter((each) => CATEGORIES[each].includes(plural));
  const shortNames = SHORT_NAMES[plural] ?? [];
  const list = (each) => (each.length === 0 ? '-' : each.join());
  return [
    groupVersion,
    plural,
    kind,
    namespaced ? 'N' : 'C',
    letters.join(''),
    list(shortNames),
    list(categories),
  ].join(' ');
}
