import { type FieldError, invalidValue, notSupported, required, tooLong, tooMany } from '../../../model/field-error.ts';
import { errorPath, childPath } from '../field-path.ts';
import { wireJsonText } from '../../../model/wire-json.ts';

/** What is wrong with a value, before it is told as a field error. */
export interface ValueIssue {
  readonly kind: 'invalid' | 'type' | 'required' | 'enum' | 'too-long' | 'too-many' | 'composite';
  /** The value's path, with a dot before a field of the root; '' for composites, which name it in their message. */
  readonly name: string;
  readonly message: string;
  readonly value?: unknown;
  /** The greatest length or number. */
  readonly most?: number;
  readonly choices?: readonly unknown[];
}

/** The issue as the API server tells it (kubeOpenAPIResultToFieldErrors). `path` is where the validated value is. */
export function issueError(
  { kind, name, message, value, most = 0, choices = [] }: ValueIssue,
  path: string,
): FieldError {
  const relative = name.replace(/^\./, '');
  const field = errorPath(kind === 'composite' || relative === '' ? path : childPath(path, relative));
  switch (kind) {
    case 'required':
      return required(field);
    case 'enum':
      return notSupported(
        field,
        value,
        choices.map((choice) => (typeof choice === 'string' ? choice : wireJsonText(choice))),
      );
    case 'too-long':
      return tooLong(field, most);
    case 'too-many':
      return tooMany(field, Number(value), most);
    case 'type':
      return { type: 'FieldValueTypeInvalid', field, value: value ?? '', detail: message };
    case 'invalid':
    case 'composite':
      return invalidValue(field, value ?? '', message);
  }
}

/** Issues, each message once, and how much was found right: what tells the nearest of several alternatives. */
export class ValidationResult {
  readonly #issues = new Map<string, ValueIssue>();
  matches = 0;

  get issues(): readonly ValueIssue[] {
    return [...this.#issues.values()];
  }

  get valid(): boolean {
    return this.#issues.size === 0;
  }

  add(issue: ValueIssue): void {
    if (!this.#issues.has(issue.message)) this.#issues.set(issue.message, issue);
  }

  merge(other: ValidationResult): void {
    for (const issue of other.#issues.values()) this.add(issue);
    this.matches += other.matches;
  }

  clear(): void {
    this.#issues.clear();
  }
}
