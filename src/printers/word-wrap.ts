/**
 * Breaks lines before the word that would go beyond `width` characters (mitchellh/go-wordwrap, by which kubectl wraps
 * descriptions): spaces at a break go, line ends stay, and a word that is too long stays whole.
 */
export function wordWrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  let wrapped = '';
  let length = 0;
  for (const [, spaces = '', word = ''] of line.matchAll(/([^\S\u00A0]*)((?:\S|\u00A0)+)/gu)) {
    const before = length + spaces.length;
    const size = Array.from(word).length;
    // A line of one character is never broken behind: so the original counts.
    if (before + size > width && before > 1) {
      wrapped += `\n${word}`;
      length = size;
    } else {
      wrapped += spaces + word;
      length = before + size;
    }
  }
  const end = /[^\S\u00A0]*$/u.exec(line)?.[0] ?? '';
  return length + end.length <= width ? wrapped + end : wrapped;
}
