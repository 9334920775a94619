/** What may follow on a command line. */
export interface Candidate {
  readonly text: string;
  readonly description?: string;
}

/**
 * What the shell is told besides the candidates, as bits of a number: cobra's ShellCompDirective, by which completion
 * scripts written for cobra work too.
 */
export const Directive = {
  /** Files when there are no candidates. */
  Default: 0,
  /** No space behind the candidate: more of the same word follows. */
  NoSpace: 2,
  NoFiles: 4,
  /** The candidates are extensions of the files to offer. */
  FilterFileExt: 8,
  /** Only folders. */
  FilterDirs: 16,
} as const;

export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly directive: number;
}

export const NOTHING: Completion = { candidates: [], directive: Directive.NoFiles };

/** Candidates in the form that the scripts read: one a line, description after a tab, then a colon and the directive. */
export function completionText({ candidates, directive }: Completion, withDescriptions: boolean): string {
  const lines = candidates.map(({ text, description }) => {
    const [first = ''] = (description ?? '').split('\n');
    return withDescriptions && first !== '' ? `${text}\t${first}` : text;
  });
  return [...lines, `:${directive}`, ''].join('\n');
}

/** Those of `texts` that go on from `typed`, without a description. */
export function startingWith(texts: readonly string[], typed: string): Candidate[] {
  return texts.filter((text) => text.startsWith(typed)).map((text) => ({ text }));
}
