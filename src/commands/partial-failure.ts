/** Some of several objects failed while others were done. Presented as the errors that it holds. */
export class PartialFailure extends AggregateError {
  override readonly name = 'PartialFailure';
}
