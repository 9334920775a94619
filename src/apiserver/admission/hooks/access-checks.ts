import type { UserInfo } from '../../../model/api-message.ts';
import type { AccessAttributes } from '../../access/attributes.ts';
import { authorize } from '../../access/authorize.ts';
import { serviceAccountUser } from '../../access/service-account-user.ts';
import type { ApiServer } from '../../api-server.ts';
import {
  type AccessAnswer,
  type AccessQuestion,
  CelAuthorizer,
} from '../../custom-resources/cel/functions/authorizer-functions.ts';
import type { AdmissionAttributes } from '../admission-attributes.ts';

/** A service account that is only asked about has no token that says more of it. */
const NO_TOKEN = { uid: '', extra: {} };

/**
 * What expressions ask of access control. They are run in one go and cannot wait for the store: a question that was not asked before
 * is noted and ends the run, which is repeated when the answers are there.
 */
export class AccessChecks {
  readonly authorizer: CelAuthorizer;
  readonly #server: ApiServer;
  readonly #user: UserInfo;
  readonly #answers = new Map<string, AccessAnswer>();
  readonly #asked = new Map<string, AccessQuestion>();

  constructor(server: ApiServer, { served, subresource, namespace, name, user }: AdmissionAttributes) {
    this.#server = server;
    this.#user = user;
    const { group, plural: resource } = served.info;
    this.authorizer = new CelAuthorizer((question) => this.#ask(question), {
      group,
      resource,
      subresource,
      namespace,
      name,
    });
  }

  /** What a run comes to once it has all answers. */
  async settled<T>(run: () => T): Promise<T> {
    for (;;) {
      const result = run();
      if (this.#asked.size === 0) return result;
      for (const [key, question] of this.#asked) this.#answers.set(key, await this.#answer(question));
      this.#asked.clear();
    }
  }

  #ask(question: AccessQuestion): AccessAnswer {
    const key = JSON.stringify(question);
    const answer = this.#answers.get(key);
    if (answer !== undefined) return answer;
    this.#asked.set(key, question);
    throw new Error('access control has not answered yet');
  }

  async #answer(question: AccessQuestion): Promise<AccessAnswer> {
    if (!this.#server.rbac) return { allowed: true, reason: '' };
    const { verb, serviceAccount } = question;
    const user =
      serviceAccount === undefined
        ? this.#user
        : serviceAccountUser(serviceAccount.namespace, serviceAccount.name, NO_TOKEN);
    const attributes: AccessAttributes =
      'path' in question
        ? { type: 'path', user, verb, path: question.path }
        : {
            type: 'resource',
            user,
            verb,
            group: question.group,
            version: '*',
            resource: question.resource,
            subresource: question.subresource,
            namespace: question.namespace,
            name: question.name,
          };
    const { allowed, reason } = await authorize(this.#server, attributes);
    return { allowed, reason };
  }
}
