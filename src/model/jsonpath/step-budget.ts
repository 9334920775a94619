import { JsonPathError } from './json-path-error.ts';

/** As for go-templates: beyond that, a template is taken for one that does not end. client-go has no such bound. */
const MOST_STEPS = 20_000_000;
/** How deep ranges, lists and filters may stand in each other. */
const DEEPEST = 500;

/** A template that takes too much. No filter takes it for a field that is not there. */
export class JsonPathLimitError extends JsonPathError {
  override readonly name = 'JsonPathLimitError';
}

/** What one evaluation of a template may take, in values that are looked at or found, and in nesting. */
export class StepBudget {
  readonly #mostSteps: number;
  #steps = 0;
  #depth = 0;

  constructor(mostSteps = MOST_STEPS) {
    this.#mostSteps = mostSteps;
  }

  /** Throws JsonPathLimitError when there were too many before. */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.#mostSteps) throw new JsonPathLimitError(`more than ${this.#mostSteps} steps`);
  }

  /** Runs what stands inside of something. Throws JsonPathLimitError when it is too deep inside. */
  inside<Result>(run: () => Result): Result {
    if (this.#depth >= DEEPEST) throw new JsonPathLimitError(`nested deeper than ${DEEPEST}`);
    this.#depth++;
    try {
      return run();
    } finally {
      this.#depth--;
    }
  }
}
