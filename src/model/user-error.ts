/** An error that a person caused and can mend. Presented as `error: MESSAGE`, unless the message already starts so. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}
