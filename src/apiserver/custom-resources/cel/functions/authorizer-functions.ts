import type { FunctionTable } from './function-table.ts';

/** What an expression asks of access control. */
export type AccessQuestion = {
  readonly verb: string;
  /** Absent: whoever makes the request. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
} & (
  | { readonly path: string }
  | {
      readonly group: string;
      readonly resource: string;
      readonly subresource: string;
      readonly namespace: string;
      readonly name: string;
    }
);

export interface AccessAnswer {
  readonly allowed: boolean;
  readonly reason: string;
}

/** Answers questions of access; throws when an answer is not known yet. */
export type AskAccess = (question: AccessQuestion) => AccessAnswer;

type Target = Omit<Extract<AccessQuestion, { group: string }>, 'verb' | 'serviceAccount'>;

interface Asker {
  readonly ask: AskAccess;
  readonly serviceAccount: AccessQuestion['serviceAccount'] | undefined;
}

function askOf({ ask, serviceAccount }: Asker, question: AccessQuestion): AccessAnswer {
  return ask(serviceAccount === undefined ? question : { ...question, serviceAccount });
}

export const AUTHORIZER_TYPE = 'kubernetes.authorization.Authorizer';
export const PATH_CHECK_TYPE = 'kubernetes.authorization.PathCheck';
export const GROUP_CHECK_TYPE = 'kubernetes.authorization.GroupCheck';
export const RESOURCE_CHECK_TYPE = 'kubernetes.authorization.ResourceCheck';
export const DECISION_TYPE = 'kubernetes.authorization.Decision';

/** `authorizer`. */
export class CelAuthorizer {
  readonly asker: Asker;
  /** What the request itself is about. */
  readonly requestResource: CelResourceCheck;

  constructor(ask: AskAccess, request: Target, serviceAccount?: AccessQuestion['serviceAccount']) {
    this.asker = { ask, serviceAccount };
    this.requestResource = new CelResourceCheck(this.asker, request);
  }
}

export class CelPathCheck {
  readonly asker: Asker;
  readonly path: string;

  constructor(asker: Asker, path: string) {
    this.asker = asker;
    this.path = path;
  }
}

export class CelGroupCheck {
  readonly asker: Asker;
  readonly group: string;

  constructor(asker: Asker, group: string) {
    this.asker = asker;
    this.group = group;
  }
}

export class CelResourceCheck {
  readonly asker: Asker;
  readonly target: Target;

  constructor(asker: Asker, target: Target) {
    this.asker = asker;
    this.target = target;
  }

  with(change: Partial<Target>): CelResourceCheck {
    return new CelResourceCheck(this.asker, { ...this.target, ...change });
  }
}

export class CelDecision {
  readonly answer: AccessAnswer;

  constructor(answer: AccessAnswer) {
    this.answer = answer;
  }
}

const NOWHERE = { subresource: '', namespace: '', name: '' };

/** The library `authz` of Kubernetes. */
export const AUTHORIZER_FUNCTIONS: FunctionTable = {
  [`${AUTHORIZER_TYPE}.path(string): ${PATH_CHECK_TYPE}`]: ({ asker }: CelAuthorizer, path: string) =>
    new CelPathCheck(asker, path),
  [`${AUTHORIZER_TYPE}.group(string): ${GROUP_CHECK_TYPE}`]: ({ asker }: CelAuthorizer, group: string) =>
    new CelGroupCheck(asker, group),
  [`${AUTHORIZER_TYPE}.serviceAccount(string, string): ${AUTHORIZER_TYPE}`]: (
    { asker, requestResource }: CelAuthorizer,
    namespace: string,
    name: string,
  ) => new CelAuthorizer(asker.ask, requestResource.target, { namespace, name }),
  [`${PATH_CHECK_TYPE}.check(string): ${DECISION_TYPE}`]: ({ asker, path }: CelPathCheck, verb: string) =>
    new CelDecision(askOf(asker, { verb, path })),
  [`${GROUP_CHECK_TYPE}.resource(string): ${RESOURCE_CHECK_TYPE}`]: (
    { asker, group }: CelGroupCheck,
    resource: string,
  ) => new CelResourceCheck(asker, { group, resource, ...NOWHERE }),
  [`${RESOURCE_CHECK_TYPE}.subresource(string): ${RESOURCE_CHECK_TYPE}`]: (
    check: CelResourceCheck,
    subresource: string,
  ) => check.with({ subresource }),
  [`${RESOURCE_CHECK_TYPE}.namespace(string): ${RESOURCE_CHECK_TYPE}`]: (check: CelResourceCheck, namespace: string) =>
    check.with({ namespace }),
  [`${RESOURCE_CHECK_TYPE}.name(string): ${RESOURCE_CHECK_TYPE}`]: (check: CelResourceCheck, name: string) =>
    check.with({ name }),
  [`${RESOURCE_CHECK_TYPE}.check(string): ${DECISION_TYPE}`]: ({ asker, target }: CelResourceCheck, verb: string) =>
    new CelDecision(askOf(asker, { verb, ...target })),
  [`${DECISION_TYPE}.allowed(): bool`]: ({ answer }: CelDecision) => answer.allowed,
  [`${DECISION_TYPE}.reason(): string`]: ({ answer }: CelDecision) => answer.reason,
  // Access control here does not fail other than by not allowing.
  [`${DECISION_TYPE}.errored(): bool`]: () => false,
  [`${DECISION_TYPE}.error(): string`]: () => '',
};
