/**
 * The texts of `Warning` headers with code 299, as client-go's rest.WarningHandler takes them. `header` holds one or more
 * RFC 7234 warnings a line; what is malformed is left out.
 */
export function warningTexts(header: string | undefined): string[] {
  return (header ?? '').split('\n').flatMap(textsOfLine);
}

/** One RFC 7234 warning with code 299, as apimachinery's net.NewWarningHeader writes it. */
export function warningHeader(text: string): string {
  return `299 - "${text.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}

function textsOfLine(line: string): string[] {
  const texts: string[] = [];
  let rest = line.trim();
  for (;;) {
    const found = /^(\d{3}) +\S+ +"((?:[^"\\]|\\.)*)"(?: +"[^"]*")? *(?:, *|$)/.exec(rest);
    if (found === null) return texts;
    const [whole, code, quoted = ''] = found;
    const text = quoted.replaceAll(/\\(.)/g, '$1');
    if (code === '299' && text !== '') texts.push(text);
    rest = rest.slice(whole.length);
  }
}
