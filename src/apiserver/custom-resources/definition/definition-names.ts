import { type Fields, stringsIn, textIn } from '../../kinds/fields.ts';

/** How a custom resource is called (CustomResourceDefinitionNames). */
export interface DefinitionNames {
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly kind: string;
  readonly listKind: string;
  readonly categories: readonly string[];
}

export function namesIn(fields: Fields): DefinitionNames {
  return {
    plural: textIn(fields, 'plural'),
    singular: textIn(fields, 'singular'),
    shortNames: stringsIn(fields, 'shortNames'),
    kind: textIn(fields, 'kind'),
    listKind: textIn(fields, 'listKind'),
    categories: stringsIn(fields, 'categories'),
  };
}

/** Names as a definition holds them: what is empty is left out where Go leaves it out. */
export function namesJson({ plural, singular, shortNames, kind, listKind, categories }: DefinitionNames): Fields {
  return {
    plural,
    ...(singular === '' ? {} : { singular }),
    ...(shortNames.length === 0 ? {} : { shortNames: [...shortNames] }),
    kind,
    ...(listKind === '' ? {} : { listKind }),
    ...(categories.length === 0 ? {} : { categories: [...categories] }),
  };
}
