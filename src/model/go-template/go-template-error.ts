/** A template that cannot be read or carried out; the message begins with `template: NAME:LINE` as Go's does. */
export class GoTemplateError extends Error {
  override readonly name = 'GoTemplateError';
}
