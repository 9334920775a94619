/** Whether a character (a code point) is one of a class. */
export type CharacterTest = (character: number) => boolean;

/** What must hold between two characters for a match to go on. */
export type Assertion = 'text-begin' | 'text-end' | 'line-begin' | 'line-end' | 'word' | 'not-word';

/** A regular expression as a tree. */
export type RegexpNode =
  | { readonly type: 'empty' }
  | { readonly type: 'character'; readonly test: CharacterTest }
  | { readonly type: 'assertion'; readonly assertion: Assertion }
  | { readonly type: 'sequence'; readonly nodes: readonly RegexpNode[] }
  | { readonly type: 'choice'; readonly nodes: readonly RegexpNode[] }
  /** `most` is Infinity when there is no upper bound; lazy prefers fewer. */
  | {
      readonly type: 'repeat';
      readonly node: RegexpNode;
      readonly least: number;
      readonly most: number;
      readonly lazy: boolean;
    };
