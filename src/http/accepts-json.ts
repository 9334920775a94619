/**
 * Whether an Accept header allows JSON, the one format that answers are written in. Parameters (`as=Table` …) are the
 * handler's to read; a quality of 0 refuses.
 */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const refused = parameters.some((each) => /^q=0(?:\.0*)?$/.test(each));
    return !refused && (type === '*/*' || type === 'application/*' || type === 'application/json');
  });
}
