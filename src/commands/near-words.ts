/** The words that somebody who typed this one may have meant, nearest first. */
export function nearWords(word: string, words: readonly string[]): string[] {
  const most = word.length < 4 ? 1 : 2;
  return words
    .map((each) => ({ each, far: each.startsWith(word.toLowerCase()) ? 0 : distance(each, word) }))
    .filter(({ far }) => far <= most)
    .toSorted((left, right) => left.far - right.far)
    .map(({ each }) => each);
}

/** Levenshtein's distance, ignoring case, by which cobra suggests commands. */
export function distance(left: string, right: string): number {
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
