const TEXTS: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted', 401: 'Unauthorized' };

/** What an answer's status code is called. */
export function statusText(code: number): string {
  return TEXTS[code] ?? '';
}
