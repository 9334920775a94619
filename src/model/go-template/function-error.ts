/** What a template function says is wrong; becomes `error calling NAME: MESSAGE`. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
}
